package io.attribution.stream.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.registry.RegistryException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class TopicTailTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  private final BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
  private final Queue<Throwable> faults = new ArrayDeque<>();
  private final Queue<MockConsumer<byte[], byte[]>> consumers = new ArrayDeque<>();

  @Test
  void beginsWithTheLastRecords() throws Exception {
    consumers.add(consumer(10));

    try (TopicTail tail = tail(3)) {
      tail.start();

      assertThat(next()).isEqualTo(7);
      assertThat(next()).isEqualTo(8);
      assertThat(next()).isEqualTo(9);
    }
  }

  @Test
  void waitsForTheRegistryAndLosesNothing() throws Exception {
    consumers.add(consumer(2));
    faults.add(new RegistryException("away", new IOException("away"), true));

    try (TopicTail tail = tail(100)) {
      tail.start();

      assertThat(next()).isEqualTo(0);
      assertThat(next()).isEqualTo(1);
    }
  }

  @Test
  void goesOnWhereItWasAfterAFaultOfTheConsumer() throws Exception {
    MockConsumer<byte[], byte[]> failing = consumer(2);
    failing.schedulePollTask(() -> failing.setPollException(new KafkaException("broken")));
    consumers.add(failing);
    consumers.add(consumer(4));

    try (TopicTail tail = tail(100)) {
      tail.start();

      for (long offset = 0; offset < 4; offset++) {
        assertThat(next()).isEqualTo(offset);
      }
      assertThat(seen).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("whatOneRecordMayDo")
  void passesOverARecordThatCannotBeShown(Throwable fault) throws Exception {
    consumers.add(consumer(3));
    faults.add(fault);

    try (TopicTail tail = tail(100)) {
      tail.start();

      assertThat(next()).isEqualTo(1);
      assertThat(next()).isEqualTo(2);
    }
  }

  static List<Throwable> whatOneRecordMayDo() {
    return List.of(
        new IllegalArgumentException("poison, on purpose"), new LinkageError("poison, on purpose"));
  }

  @Test
  void outlivesAnErrorOfTheConsumer() throws Exception {
    MockConsumer<byte[], byte[]> failing = consumer(1);
    failing.schedulePollTask(
        () -> {
          throw new LinkageError("on purpose");
        });
    consumers.add(failing);
    consumers.add(consumer(2));

    try (TopicTail tail = tail(100)) {
      tail.start();

      assertThat(next()).isEqualTo(0);
      assertThat(next()).isEqualTo(1);
    }
  }

  private long next() throws InterruptedException {
    Long offset = seen.poll(20, TimeUnit.SECONDS);
    assertThat(offset).as("a record").isNotNull();
    return offset;
  }

  private TopicTail tail(long records) {
    FollowedTopic topic = new FollowedTopic("t", Duration.ZERO, records, this::see);
    return new TopicTail(consumers::remove, List.of(topic), Clock.systemUTC());
  }

  private void see(ConsumerRecord<byte[], byte[]> record) {
    Throwable fault = faults.poll();
    if (fault instanceof Error error) {
      throw error;
    }
    if (fault != null) {
      throw (RuntimeException) fault;
    }
    seen.add(record.offset());
  }

  /** Of a topic with one partition and so many records. */
  private static MockConsumer<byte[], byte[]> consumer(long records) {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updatePartitions(
        "t", List.of(new PartitionInfo("t", 0, Node.noNode(), new Node[0], new Node[0])));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, records));
    consumer.schedulePollTask(
        () -> {
          for (long offset = consumer.position(PARTITION); offset < records; offset++) {
            consumer.addRecord(new ConsumerRecord<>("t", 0, offset, null, new byte[0]));
          }
        });
    return consumer;
  }
}
