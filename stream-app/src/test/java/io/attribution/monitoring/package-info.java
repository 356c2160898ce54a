/** Tests of the package of the same name. */
@NullMarked
package io.attribution.monitoring;

import org.jspecify.annotations.NullMarked;
