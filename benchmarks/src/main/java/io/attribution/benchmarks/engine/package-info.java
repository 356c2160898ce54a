/** Jacobians per second, beside the machine's own matrix product and the Python peers. */
@NullMarked
package io.attribution.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
