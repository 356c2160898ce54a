/** Metrics, with all their names in one place. */
@NullMarked
package io.attribution.stream.monitoring;

import org.jspecify.annotations.NullMarked;
