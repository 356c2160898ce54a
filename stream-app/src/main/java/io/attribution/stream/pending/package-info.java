/**
 * Records that were read and are not yet explained: their store, and when a batch of them is due.
 */
@NullMarked
package io.attribution.stream.pending;

import org.jspecify.annotations.NullMarked;
