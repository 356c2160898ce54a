/** The stream end to end: throughput, latency and memory, on a broker that shares the machine. */
@NullMarked
package io.attribution.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;
