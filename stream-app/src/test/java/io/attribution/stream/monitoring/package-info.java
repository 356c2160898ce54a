/** Tests of the package of the same name. */
@NullMarked
package io.attribution.stream.monitoring;

import org.jspecify.annotations.NullMarked;
