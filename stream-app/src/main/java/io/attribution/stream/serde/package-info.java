/** Codecs of the topics: Confluent's framing, Avro binary with whole float vectors. */
@NullMarked
package io.attribution.stream.serde;

import org.jspecify.annotations.NullMarked;
