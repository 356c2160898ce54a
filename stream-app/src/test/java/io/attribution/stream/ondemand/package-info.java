/** Tests of the package of the same name. */
@NullMarked
package io.attribution.stream.ondemand;

import org.jspecify.annotations.NullMarked;
