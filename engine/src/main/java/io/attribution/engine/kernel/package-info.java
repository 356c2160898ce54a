/**
 * Compiles an encoder whose layers are known into one native program: everything that can be
 * computed before a record arrives is folded into the weights, and what is left runs tile by tile
 * without coming back to Java. Pure Java; the engine that runs the program is {@code
 * jacobian.Kernel}.
 */
@NullMarked
package io.attribution.engine.kernel;

import org.jspecify.annotations.NullMarked;
