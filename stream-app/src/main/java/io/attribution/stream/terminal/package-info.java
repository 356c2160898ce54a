/** A person's terminal: size, colours, lines that fit, progress, and the wish to stop. */
@NullMarked
package io.attribution.stream.terminal;

import org.jspecify.annotations.NullMarked;
