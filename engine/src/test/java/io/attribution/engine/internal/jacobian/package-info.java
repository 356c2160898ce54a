/** Tests of the package of the same name, and what they share. */
@NullMarked
package io.attribution.engine.internal.jacobian;

import org.jspecify.annotations.NullMarked;
