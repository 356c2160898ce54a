package io.attribution.stream.ondemand;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** An input topic of one partition that holds one record. */
public final class InputRecords {
  private InputRecords() {}

  /** Consumers that read the record; each of them can be asked once. */
  public static InputConsumers of(ConsumerRecord<byte[], byte[]> record) {
    return new InputConsumers(
        () -> {
          MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          consumer.updatePartitions(
              record.topic(),
              List.of(
                  new PartitionInfo(
                      record.topic(),
                      record.partition(),
                      Node.noNode(),
                      new Node[0],
                      new Node[0])));
          consumer.updateBeginningOffsets(Map.of(partition, record.offset()));
          consumer.updateEndOffsets(Map.of(partition, record.offset() + 1));
          consumer.schedulePollTask(() -> consumer.addRecord(record));
          return consumer;
        });
  }
}
