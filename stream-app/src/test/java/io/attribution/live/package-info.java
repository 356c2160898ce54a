/** Tests of live. */
@NullMarked
package io.attribution.live;

import org.jspecify.annotations.NullMarked;
