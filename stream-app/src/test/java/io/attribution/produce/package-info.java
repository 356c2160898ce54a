/** Tests of the package of the same name. */
@NullMarked
package io.attribution.produce;

import org.jspecify.annotations.NullMarked;
