/** Tests of the package of the same name. */
@NullMarked
package io.attribution.terminal;

import org.jspecify.annotations.NullMarked;
