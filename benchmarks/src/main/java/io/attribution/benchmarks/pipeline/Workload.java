package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.engine.Encoder;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.stream.csv.FeatureCsv;
import io.attribution.stream.serde.Schemas;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A model and its rows as messages, encoded once and sent over and over.
 *
 * @param values of the records; a record's key is the number of its row
 */
record Workload(Encoder model, ModelBundle bundle, List<byte[]> values) {
  private static final int RANDOM_ROWS = 1024;
  private static final long SEED = 7;

  /**
   * @param python makes the bundle if it is not there
   */
  static Workload open(Encoder model, Path home, Optional<Path> python, String registryUrl)
      throws IOException {
    if (model != Encoder.digits && python.isPresent()) {
      Encoder.export(home, python.get(), List.of(model));
    }
    ModelBundle bundle =
        model
            .load(home)
            .orElseThrow(
                () -> new IllegalStateException("no bundle of " + model + "; --python exports it"));
    List<List<Float>> rows =
        model == Encoder.digits
            ? csv(home.resolve("examples/digits/data.csv"), bundle)
            : normal(bundle.featureCount());
    try (KafkaAvroSerializer avro = new KafkaAvroSerializer()) {
      avro.configure(Map.of("schema.registry.url", registryUrl), false);
      return new Workload(
          model,
          bundle,
          rows.stream()
              .map(row -> new GenericRecordBuilder(Schemas.FEATURE_RECORD).set("features", row))
              .map(record -> avro.serialize("features", record.build()))
              .toList());
    }
  }

  private static List<List<Float>> csv(Path file, ModelBundle bundle) {
    List<List<Float>> rows = new ArrayList<>();
    try (FeatureCsv csv = FeatureCsv.open(file, bundle.features())) {
      float[] row = csv.newRow();
      while (csv.next(row)) {
        rows.add(IntStream.range(0, row.length).mapToObj(k -> row[k]).toList());
      }
    }
    return rows;
  }

  private static List<List<Float>> normal(int features) {
    Random random = new Random(SEED);
    return IntStream.range(0, RANDOM_ROWS)
        .mapToObj(
            row ->
                IntStream.range(0, features).mapToObj(k -> (float) random.nextGaussian()).toList())
        .toList();
  }

  /**
   * Record n is row n modulo their number; partitions take turns.
   *
   * @param timestampMillis since the epoch
   */
  ProducerRecord<byte[], byte[]> record(
      String topic, int partitions, long n, long timestampMillis) {
    int row = (int) (n % values.size());
    byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(row).array();
    return new ProducerRecord<>(
        topic, (int) (n % partitions), timestampMillis, key, values.get(row));
  }

  static int row(byte[] key) {
    return ByteBuffer.wrap(key).getInt();
  }

  int valueBytes() {
    return values.get(0).length;
  }
}
