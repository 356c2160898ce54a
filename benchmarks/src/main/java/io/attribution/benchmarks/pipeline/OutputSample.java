package io.attribution.benchmarks.pipeline;

import io.attribution.stream.serde.Schemas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;

/**
 * One output of each kind for each row of the model.
 *
 * @param projected messages by row
 * @param reduced messages by row
 */
record OutputSample(Map<Integer, byte[]> projected, Map<Integer, byte[]> reduced) {
  private static final int HEADER_BYTES = 5;

  /** Of one record's messages, on average. */
  long bytes() {
    return Math.round(mean(projected) + mean(reduced));
  }

  private static double mean(Map<Integer, byte[]> messages) {
    return messages.values().stream().mapToInt(message -> message.length).average().orElse(0);
  }

  /** As messages to be written again. */
  Payloads payloads() {
    List<Payloads.Pair> pairs = new ArrayList<>();
    new TreeMap<>(projected)
        .forEach(
            (row, message) -> {
              byte[] other = reduced.get(row);
              if (other != null) {
                pairs.add(new Payloads.Pair(message, other));
              }
            });
    return new Payloads(pairs);
  }

  /** What is said of each row: the embedding and one number for each feature. */
  Map<Integer, List<Float>> explanations() {
    Map<Integer, List<Float>> rows = new TreeMap<>();
    reduced.forEach((row, message) -> rows.put(row, floats(message)));
    return rows;
  }

  private static List<Float> floats(byte[] message) {
    try {
      GenericRecord record =
          new GenericDatumReader<GenericRecord>(Schemas.REDUCED_CONTRIBUTION)
              .read(
                  null,
                  DecoderFactory.get()
                      .binaryDecoder(message, HEADER_BYTES, message.length - HEADER_BYTES, null));
      List<Float> floats = new ArrayList<>();
      for (String field : List.of("embedding", "values")) {
        ((List<?>) record.get(field)).forEach(value -> floats.add((Float) value));
      }
      return floats;
    } catch (IOException e) {
      throw new BenchFailure("an output cannot be decoded", e);
    }
  }
}
