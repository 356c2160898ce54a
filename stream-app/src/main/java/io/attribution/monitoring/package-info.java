/** Metrics, with all their names in one place. */
@NullMarked
package io.attribution.monitoring;

import org.jspecify.annotations.NullMarked;
