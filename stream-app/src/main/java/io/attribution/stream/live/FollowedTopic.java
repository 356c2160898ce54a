package io.attribution.stream.live;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A topic that the live view follows, and where it starts.
 *
 * @param lookBack the age of the oldest record to read; zero for no limit by age
 * @param records the maximum number of existing records to read of each partition
 * @param sink receives every record
 */
record FollowedTopic(
    String name, Duration lookBack, long records, Consumer<ConsumerRecord<byte[], byte[]>> sink) {}
