/** Limits of what is logged. */
@NullMarked
package io.attribution.stream.logging;

import org.jspecify.annotations.NullMarked;
