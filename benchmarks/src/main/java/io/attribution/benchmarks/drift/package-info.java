/** Attribution drift: false alarms, delays and names, beside peers on the same simulated rows. */
@NullMarked
package io.attribution.benchmarks.drift;

import org.jspecify.annotations.NullMarked;
