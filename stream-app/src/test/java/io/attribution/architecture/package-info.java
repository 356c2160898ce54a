/** Tests of what may depend on what. */
@NullMarked
package io.attribution.architecture;

import org.jspecify.annotations.NullMarked;
