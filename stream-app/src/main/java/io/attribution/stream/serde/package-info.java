/** The wire: Confluent's framing, Avro binary with whole float vectors, schema ids. */
@NullMarked
package io.attribution.stream.serde;

import org.jspecify.annotations.NullMarked;
