/** The methods that make contributions of Jacobians, and how one is chosen. */
@NullMarked
package io.attribution.engine.method;

import org.jspecify.annotations.NullMarked;
