package io.attribution.benchmarks.pipeline;

import io.attribution.stream.serde.Schemas;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The rows of a model as messages, encoded once. Record n is row n modulo their number. */
final class FeatureMessages {
  private final String topic;
  private final int partitions;
  private final List<byte[]> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();

  FeatureMessages(TestModel model, String topic, int partitions, String registryUrl) {
    this.topic = topic;
    this.partitions = partitions;
    try (KafkaAvroSerializer avro = new KafkaAvroSerializer()) {
      avro.configure(Map.of("schema.registry.url", registryUrl), false);
      for (float[] row : model.rows()) {
        keys.add(key(keys.size()));
        values.add(avro.serialize(topic, record(row)));
      }
    }
  }

  private static Object record(float[] row) {
    List<Float> features = new ArrayList<>(row.length);
    for (float feature : row) {
      features.add(feature);
    }
    return new GenericRecordBuilder(Schemas.FEATURE_RECORD).set("features", features).build();
  }

  /** A row's key: its number. */
  static byte[] key(int row) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(row).array();
  }

  static int row(byte[] key) {
    return ByteBuffer.wrap(key).getInt();
  }

  /**
   * @param n partitions take turns
   * @param timestampMillis since the epoch
   */
  ProducerRecord<byte[], byte[]> record(long n, long timestampMillis) {
    int row = (int) (n % keys.size());
    return new ProducerRecord<>(
        topic, (int) (n % partitions), timestampMillis, keys.get(row), values.get(row));
  }

  int valueBytes() {
    return values.get(0).length;
  }
}
