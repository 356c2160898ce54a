/** The user's terminal: size, colours, lines that fit, progress, and the request to stop. */
@NullMarked
package io.attribution.stream.terminal;

import org.jspecify.annotations.NullMarked;
