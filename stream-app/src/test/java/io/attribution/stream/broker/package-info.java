/** Tests against a real broker and registry, and what they share. */
@NullMarked
package io.attribution.stream.broker;

import org.jspecify.annotations.NullMarked;
