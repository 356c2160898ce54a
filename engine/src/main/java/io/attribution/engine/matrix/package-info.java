/** Rows of numbers outside the Java heap, where libtorch reads and writes them without a copy. */
@NullMarked
package io.attribution.engine.matrix;

import org.jspecify.annotations.NullMarked;
