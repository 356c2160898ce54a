package io.attribution.stream.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Origin;
import io.attribution.stream.pending.InputLimit;
import io.attribution.stream.topics.Topics;
import io.attribution.stream.topology.DeadLetters;
import io.attribution.stream.topology.OutputRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutputProducerTest {
  private static final Topics TOPICS = Topics.DEFAULT;

  private final OutputRules rules = new OutputRules(TOPICS, List.of(), new InputLimit(1000));
  private final OutputProducer producer =
      new OutputProducer(Map.of("bootstrap.servers", "127.0.0.1:1"), TOPICS, rules);

  @AfterEach
  void close() {
    producer.close(java.time.Duration.ZERO);
  }

  /** Dead letters stand for all outputs: they tell their source by headers. */
  private static ProducerRecord<byte[], byte[]> letter(int offset) {
    Headers headers = new RecordHeaders();
    for (var header :
        Map.of(
                DeadLetters.TOPIC, "features",
                DeadLetters.PARTITION, "0",
                DeadLetters.OFFSET, String.valueOf(offset))
            .entrySet()) {
      headers.add(header.getKey(), header.getValue().getBytes(StandardCharsets.UTF_8));
    }
    return new ProducerRecord<>(TOPICS.deadLetter(), null, 0L, new byte[0], new byte[0], headers);
  }

  private int refused(int offset) {
    return rules.refusedLetters(new Origin("features", 0, offset));
  }

  /**
   * What Kafka's producer calls, in this order, when two of four records of a batch are refused.
   */
  @Test
  void learnsWhichRecordsOfABatchAreRefused() {
    KafkaException neighbour = new KafkaException("it was part of a batch with invalid records");
    producer.learn(letter(1), neighbour);
    producer.learn(letter(2), new InvalidRecordException("no key"));
    producer.learn(letter(3), new InvalidRecordException("no key"));
    producer.learn(letter(4), neighbour);
    // The transaction is aborted, with what waits in other batches.
    Exception batch =
        new InvalidTimestampException(
            "One or more records have been rejected due to invalid timestamp");
    producer.learn(letter(5), batch);
    producer.learn(letter(6), batch);

    assertThat(List.of(refused(1), refused(2), refused(3), refused(4), refused(5), refused(6)))
        .containsExactly(0, 1, 1, 0, 0, 0);
    assertThat(rules.takeLearned()).isTrue();
    assertThat(rules.takeLearned()).isFalse();
  }

  @Test
  void learnsOnlyTheFirstRecordThatIsTooLarge() {
    Exception tooLarge = new RecordTooLargeException("larger than the server will accept");
    producer.learn(letter(1), tooLarge);
    producer.learn(letter(2), tooLarge);
    producer.learn(letter(3), new RecordTooLargeException("larger than max.request.size"));

    assertThat(List.of(refused(1), refused(2), refused(3))).containsExactly(1, 0, 1);
  }

  /** A letter that is shortened and refused again is no progress: the topic is at fault. */
  @Test
  void givesUpOnALetterThatIsRefusedWhenItIsShort() {
    producer.learn(letter(1), new InvalidRecordException("first"));
    assertThat(rules.takeLearned()).isTrue();
    producer.learn(letter(1), new InvalidRecordException("again"));
    assertThat(rules.takeLearned()).isFalse();
  }
}
