/** The numerics of one batch, from raw features to attributions. */
@NullMarked
package io.attribution.engine.attribution;

import org.jspecify.annotations.NullMarked;
