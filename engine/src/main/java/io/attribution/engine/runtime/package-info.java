/** Which engine computes an encoder, in which precision, on which device. */
@NullMarked
package io.attribution.engine.runtime;

import org.jspecify.annotations.NullMarked;
