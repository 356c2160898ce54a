package io.attribution.stream.live;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A topic that is read along, and where to begin.
 *
 * @param lookBack begin with records of this age; records of zero age mean the last {@code records}
 *     instead
 * @param records how many of the last records of each partition to begin with, at most
 * @param sink gets every record
 */
record FollowedTopic(
    String name, Duration lookBack, long records, Consumer<ConsumerRecord<byte[], byte[]>> sink) {}
