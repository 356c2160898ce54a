/** Tests of the package of the same name. */
@NullMarked
package io.attribution.stream.terminal;

import org.jspecify.annotations.NullMarked;
