package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a read_committed reader finds on an output topic, held against what was produced. Reusable:
 * every fault test ends with one of the two guarantees.
 */
final class Deliveries {
  /** How long records too many are waited for where the application goes on. */
  private static final Duration SETTLE = Duration.ofMillis(500);

  private final Map<String, List<String>> keysByPosition = new HashMap<>();

  private Deliveries(List<ConsumerRecord<byte[], Object>> outputs) {
    outputs.forEach(
        output ->
            keysByPosition
                .computeIfAbsent(position(output), p -> new ArrayList<>())
                .add(new String(output.key(), StandardCharsets.UTF_8)));
  }

  /** Reads an output topic until so many input records have their output there. */
  static Deliveries read(Cluster cluster, String topic, int expected, Duration timeout) {
    Counter counter = new Counter();
    try (var avro = cluster.endpoints.avroDeserializer();
        var reader = new TopicReader<>(cluster.endpoints, topic, avro)) {
      reader.readUntil(outputs -> counter.distinct(outputs) >= expected, timeout);
      return new Deliveries(reader.readFor(SETTLE));
    }
  }

  /** Reads an output topic to its end: all there will ever be, once the application is closed. */
  static Deliveries readToEnd(Cluster cluster, String topic) {
    try (var avro = cluster.endpoints.avroDeserializer();
        var reader = new TopicReader<>(cluster.endpoints, topic, avro)) {
      return new Deliveries(reader.readToEnd());
    }
  }

  /** How many input records have their output here. */
  int positions() {
    return keysByPosition.size();
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

  /** partition@offset of the input. */
  private static String position(ConsumerRecord<byte[], Object> output) {
    GenericRecord source = (GenericRecord) ((GenericRecord) output.value()).get("source");
    return source.get("partition") + "@" + source.get("offset");
  }

  /** Counts input records with an output; looks at every output once. */
  private static final class Counter {
    private final Set<String> seen = new HashSet<>();
    private int looked;

    int distinct(List<ConsumerRecord<byte[], Object>> outputs) {
      for (; looked < outputs.size(); looked++) {
        seen.add(position(outputs.get(looked)));
      }
      return seen.size();
    }
  }
}
