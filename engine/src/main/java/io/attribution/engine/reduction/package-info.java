/** From a contribution matrix to one number per feature, and to the top features. */
@NullMarked
package io.attribution.engine.reduction;

import org.jspecify.annotations.NullMarked;
