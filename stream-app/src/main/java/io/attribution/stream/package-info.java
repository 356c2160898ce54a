/** Attribution Streams: why an encoder put a record where it did, for records on Kafka. */
@NullMarked
package io.attribution.stream;

import org.jspecify.annotations.NullMarked;
