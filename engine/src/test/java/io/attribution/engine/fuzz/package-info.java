/** Inputs that nobody meant to send, for the fuzz tests of every module. */
@NullMarked
package io.attribution.engine.fuzz;

import org.jspecify.annotations.NullMarked;
