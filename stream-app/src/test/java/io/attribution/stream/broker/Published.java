package io.attribution.stream.broker;

import io.attribution.stream.topics.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Everything on the output topics, as ordinary clients read it. */
record Published(
    List<ConsumerRecord<byte[], Object>> projected,
    List<ConsumerRecord<byte[], Object>> reduced,
    List<ConsumerRecord<byte[], Object>> verification,
    List<ConsumerRecord<byte[], byte[]>> deadLetters) {

  /** Waits until a topic has so many committed records. */
  static void await(Endpoints endpoints, String topic, int records, Duration timeout) {
    try (var reader = new TopicReader<>(endpoints, topic, new ByteArrayDeserializer())) {
      reader.readUntil(outputs -> outputs.size() >= records, timeout);
    }
  }

  /** Reads all topics to their ends: all there will ever be, once the application is closed. */
  static Published readToEnd(Endpoints endpoints, Topics topics) {
    try (var avro = endpoints.avroDeserializer()) {
      return new Published(
          readToEnd(endpoints, topics.projected(), avro),
          readToEnd(endpoints, topics.reduced(), avro),
          readToEnd(endpoints, topics.verification(), avro),
          readToEnd(endpoints, topics.deadLetter(), new ByteArrayDeserializer()));
    }
  }

  static <V> List<ConsumerRecord<byte[], V>> readToEnd(
      Endpoints endpoints, String topic, Deserializer<V> values) {
    try (var reader = new TopicReader<>(endpoints, topic, values)) {
      return reader.readToEnd();
    }
  }
}
