/** The command line: one class per command. */
@NullMarked
package io.attribution.stream.cli;

import org.jspecify.annotations.NullMarked;
