/** Tests of the way to libtorch. */
@NullMarked
package io.attribution.engine.internal.torch;

import org.jspecify.annotations.NullMarked;
