/** Tests of what may depend on what. */
@NullMarked
package io.attribution.stream.architecture;

import org.jspecify.annotations.NullMarked;
