/** How fast, measured beside the peers on the same machine; see docs/benchmarks. */
@NullMarked
package io.attribution.benchmarks;

import org.jspecify.annotations.NullMarked;
