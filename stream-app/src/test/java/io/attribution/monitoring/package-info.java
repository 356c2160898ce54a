/** Tests of monitoring. */
@NullMarked
package io.attribution.monitoring;

import org.jspecify.annotations.NullMarked;
