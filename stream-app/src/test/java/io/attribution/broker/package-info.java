/** Tests against a real broker and registry, and what they share. */
@NullMarked
package io.attribution.broker;

import org.jspecify.annotations.NullMarked;
