/**
 * Turns an encoder's graph into a program that libtorch runs: checks every operator against those
 * that it has, and writes the program's text. Nothing here computes.
 */
@NullMarked
package io.attribution.engine.internal.graph;

import org.jspecify.annotations.NullMarked;
