/** How often detectors err and how soon they find what was planted, in simulated streams. */
@NullMarked
package io.attribution.benchmarks.detectors;

import org.jspecify.annotations.NullMarked;
