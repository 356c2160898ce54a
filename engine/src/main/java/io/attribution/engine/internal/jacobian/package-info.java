/** Engines that compute outputs and Jacobians of an encoder in native memory. */
@NullMarked
package io.attribution.engine.internal.jacobian;

import org.jspecify.annotations.NullMarked;
