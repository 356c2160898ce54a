/** Tests of the package of the same name. */
@NullMarked
package io.attribution.stream.produce;

import org.jspecify.annotations.NullMarked;
