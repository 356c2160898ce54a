package io.attribution.demo;

import io.attribution.drift.Origin;
import io.attribution.stream.topology.DeadLetters;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** One record of the dead-letter topic, as a reader sees it. */
record DeadLetter(Origin source, String reason, String detail) {

  /**
   * @throws IllegalStateException when a header is missing
   */
  static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
    return new DeadLetter(
        new Origin(
            header(record, DeadLetters.TOPIC),
            Integer.parseInt(header(record, DeadLetters.PARTITION)),
            Long.parseLong(header(record, DeadLetters.OFFSET))),
        header(record, DeadLetters.REASON),
        header(record, DeadLetters.MESSAGE));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    if (header == null) {
      throw new IllegalStateException(
          "the dead letter at offset " + record.offset() + " lacks the header " + name);
    }
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
