/** Explanations on demand, beside the stream. */
@NullMarked
package io.attribution.stream.ondemand;

import org.jspecify.annotations.NullMarked;
