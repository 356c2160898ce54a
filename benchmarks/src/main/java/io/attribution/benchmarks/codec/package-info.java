/** Float vectors in and out of Avro, beside Avro's own reader and writer and Confluent's. */
@NullMarked
package io.attribution.benchmarks.codec;

import org.jspecify.annotations.NullMarked;
