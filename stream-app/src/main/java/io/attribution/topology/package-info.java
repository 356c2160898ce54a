/** The flow on Kafka Streams. */
@NullMarked
package io.attribution.topology;

import org.jspecify.annotations.NullMarked;
