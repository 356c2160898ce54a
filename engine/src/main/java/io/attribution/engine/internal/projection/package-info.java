/** From raw features to encoder inputs, and Jacobians back to raw features. */
@NullMarked
package io.attribution.engine.internal.projection;

import org.jspecify.annotations.NullMarked;
