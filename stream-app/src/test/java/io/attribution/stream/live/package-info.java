/** Tests of the package of the same name. */
@NullMarked
package io.attribution.stream.live;

import org.jspecify.annotations.NullMarked;
