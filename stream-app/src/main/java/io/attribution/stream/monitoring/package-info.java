/** Metrics, with all names in {@link io.attribution.stream.monitoring.MetricNames}. */
@NullMarked
package io.attribution.stream.monitoring;

import org.jspecify.annotations.NullMarked;
