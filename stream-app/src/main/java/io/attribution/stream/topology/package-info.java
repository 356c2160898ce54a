/** The flow on Kafka Streams. */
@NullMarked
package io.attribution.stream.topology;

import org.jspecify.annotations.NullMarked;
