/** The command line: one class per command. */
@NullMarked
package io.attribution.cli;

import org.jspecify.annotations.NullMarked;
