/** The stream end to end on an embedded broker, beside the peers that move the same records. */
@NullMarked
package io.attribution.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;
