/** Tests of ondemand. */
@NullMarked
package io.attribution.ondemand;

import org.jspecify.annotations.NullMarked;
