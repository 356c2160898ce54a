package io.attribution.stream.broker;

import io.attribution.stream.serde.Schemas;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes feature records and remembers which key went where. */
final class FeatureProducer implements AutoCloseable {
  /** Recent: records older than the topics' retention are deleted while the test runs. */
  private final long firstTimestamp = System.currentTimeMillis();

  private final Cluster cluster;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaAvroSerializer avro;
  private final Random random;
  private final Map<String, String> positions = new ConcurrentHashMap<>();

  FeatureProducer(Cluster cluster, long seed) {
    this.cluster = cluster;
    this.producer = cluster.endpoints.producer();
    this.avro = cluster.endpoints.avroSerializer();
    this.random = new Random(seed);
  }

  /** Writes records of random features with keys key-0, key-1, … */
  void produce(int count, int features) throws Exception {
    produceValues(Stream.generate(() -> value(features)).limit(count).toList());
  }

  /** Writes records with keys that go on where the last ones ended. */
  void produceValues(List<byte[]> values) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    int first = positions.size();
    for (byte[] value : values) {
      int i = first + sent.size();
      sent.add(send("key-" + i, firstTimestamp + i, value));
    }
    producer.flush();
    for (int i = 0; i < sent.size(); i++) {
      RecordMetadata at = sent.get(i).get();
      positions.put(at.partition() + "@" + at.offset(), "key-" + (first + i));
    }
  }

  byte[] value(int features) {
    List<Float> row = new ArrayList<>(features);
    for (int k = 0; k < features; k++) {
      row.add((float) random.nextInt(17));
    }
    return avro.serialize(
        cluster.topics.features(),
        new GenericRecordBuilder(Schemas.FEATURE_RECORD).set("features", row).build());
  }

  Future<RecordMetadata> send(String key, long timestamp, byte[] value) {
    return producer.send(
        new ProducerRecord<>(
            cluster.topics.features(),
            null,
            timestamp,
            key.getBytes(StandardCharsets.UTF_8),
            value));
  }

  /** Key by position (partition@offset) of everything produced. */
  Map<String, String> positions() {
    return new TreeMap<>(positions);
  }

  @Override
  public void close() {
    producer.close();
    avro.close();
  }
}
