/** Tests of the package of the same name. */
@NullMarked
package io.attribution.stream.topics;

import org.jspecify.annotations.NullMarked;
