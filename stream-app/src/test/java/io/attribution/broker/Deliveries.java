package io.attribution.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a read_committed reader finds on an output topic, held against what was produced. Reusable:
 * every fault test ends with one of the two guarantees.
 */
final class Deliveries {
  private final Map<String, List<String>> keysByPosition = new HashMap<>();

  private Deliveries() {}

  /** Reads an output topic until as many different records are there as were produced. */
  static Deliveries read(Cluster cluster, String topic, int expected, Duration patience) {
    Deliveries deliveries = new Deliveries();
    try (KafkaAvroDeserializer avro = new KafkaAvroDeserializer()) {
      avro.configure(Map.of("schema.registry.url", cluster.registry.url()), false);
      TopicReader.read(
          cluster,
          topic,
          avro,
          deliveries::add,
          () -> deliveries.keysByPosition.size() >= expected,
          patience);
    }
    return deliveries;
  }

  private void add(ConsumerRecord<byte[], Object> output) {
    GenericRecord source = (GenericRecord) ((GenericRecord) output.value()).get("source");
    keysByPosition
        .computeIfAbsent(
            source.get("partition") + "@" + source.get("offset"), p -> new ArrayList<>())
        .add(new String(output.key(), StandardCharsets.UTF_8));
  }

  /** Nothing lost, nothing doubled, every output under its input's key. */
  void assertExactlyOnce(Map<String, String> produced) {
    assertAtLeastOnce(produced);
    assertThat(keysByPosition.entrySet().stream().filter(e -> e.getValue().size() > 1).toList())
        .as("doubled")
        .isEmpty();
  }

  /** Nothing lost, every output under its input's key. */
  void assertAtLeastOnce(Map<String, String> produced) {
    List<String> lost =
        produced.keySet().stream().filter(p -> !keysByPosition.containsKey(p)).toList();
    assertThat(lost).as("lost").isEmpty();
    assertThat(
            keysByPosition.entrySet().stream()
                .filter(
                    e -> !e.getValue().stream().allMatch(k -> k.equals(produced.get(e.getKey()))))
                .toList())
        .as("under another key")
        .isEmpty();
  }
}
