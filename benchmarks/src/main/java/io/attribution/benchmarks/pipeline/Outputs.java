package io.attribution.benchmarks.pipeline;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.attribution.benchmarks.codec.Codec;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.local.CommittedRecords;
import io.attribution.stream.serde.Schemas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a subject wrote: the first message of each kind for each row of the model, by row.
 *
 * @param projected messages
 * @param reduced messages
 */
record Outputs(Map<Integer, byte[]> projected, Map<Integer, byte[]> reduced) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Reads all outputs of a run, as any read_committed reader would.
   *
   * @throws IllegalStateException when the outputs are not as many as the inputs, or there are dead
   *     letters
   */
  static Outputs read(Run run, long records) {
    Outputs outputs = new Outputs(new TreeMap<>(), new TreeMap<>());
    requireCount(run, run.topics().projected(), records, keep(outputs.projected));
    requireCount(run, run.topics().reduced(), records, keep(outputs.reduced));
    requireCount(run, run.topics().deadLetter(), 0, record -> {});
    return outputs;
  }

  private static Consumer<ConsumerRecord<byte[], byte[]>> keep(Map<Integer, byte[]> values) {
    return record -> values.putIfAbsent(Workload.row(record.key()), record.value());
  }

  private static void requireCount(
      Run run, String topic, long expected, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    AtomicLong count = new AtomicLong();
    try (var committed = CommittedRecords.bytes(run.runs().cluster().bootstrapServers(), topic)) {
      committed.readToEnd(
          record -> {
            count.incrementAndGet();
            each.accept(record);
          });
    }
    if (count.get() != expected) {
      throw new IllegalStateException(topic + ": " + count + " records instead of " + expected);
    }
  }

  /** Of one record's two messages, on average. */
  long bytes() {
    return Math.round(mean(projected) + mean(reduced));
  }

  private static double mean(Map<Integer, byte[]> messages) {
    return messages.values().stream().mapToInt(message -> message.length).average().orElse(0);
  }

  /** For the pass-through: projected and reduced messages in turns, as a JSON array of base64. */
  void write(Path file) throws IOException {
    List<byte[]> messages = new ArrayList<>();
    projected.forEach(
        (row, message) -> {
          messages.add(message);
          messages.add(reduced.getOrDefault(row, new byte[0]));
        });
    JSON.writeValue(file.toFile(), messages);
  }

  /** What {@link #write} wrote. */
  static List<byte[]> messages(Path file) throws IOException {
    return List.of(JSON.readValue(file.toFile(), byte[][].class));
  }

  /** Embedding and reduced contributions of each row, rows in their order. */
  FloatMatrix explanations() {
    return FloatMatrix.of(reduced.values().stream().map(Outputs::floats).toArray(float[][]::new));
  }

  private static float[] floats(byte[] message) {
    GenericRecord record = Codec.Avro.read(Schemas.REDUCED_CONTRIBUTION, message);
    List<Object> values = new ArrayList<>((List<?>) record.get("embedding"));
    values.addAll((List<?>) record.get("values"));
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (Float) values.get(i);
    }
    return floats;
  }
}
