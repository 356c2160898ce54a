/** Explanations that somebody asks for, beside the stream. */
@NullMarked
package io.attribution.stream.ondemand;

import org.jspecify.annotations.NullMarked;
