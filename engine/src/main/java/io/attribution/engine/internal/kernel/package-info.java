/**
 * Compiles an encoder whose layers are known into one native program: everything that can be
 * computed before a record arrives is folded into the weights, and what is left runs tile by tile
 * without coming back to Java. Pure Java; {@code internal.jacobian.Kernel} runs the program.
 */
@NullMarked
package io.attribution.engine.internal.kernel;

import org.jspecify.annotations.NullMarked;
