/** Tests of the package of the same name. */
@NullMarked
package io.attribution.live;

import org.jspecify.annotations.NullMarked;
