package io.attribution.stream.broker;

import static io.attribution.stream.broker.Fields.floats;
import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.schema.FeatureRecord;
import io.attribution.schema.ProjectedContribution;
import io.attribution.schema.ReducedContribution;
import io.attribution.schema.VerificationMetric;
import io.attribution.stream.app.Application;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Real records through the real application, read back with ordinary clients. */
class PipelineIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void publishesOneOutcomeForEveryRecordOfBothModels() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(2)) {
      MixedFeed feed = MixedFeed.send(cluster.endpoints, cluster.topics.features(), 300, 150);

      explain(cluster, feed, "batch.max.records", "64");

      new PipelineCheck(
              cluster.topics.features(),
              feed,
              Published.readToEnd(cluster.endpoints, cluster.topics))
          .assertAll();
    }
  }

  /** Dead letters that are Avro stay readable, so that they can be mended and sent again. */
  @Test
  void leavesDeadLettersReadableForWhoMendsThem() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(1)) {
      float[] row = Example.DIGITS.rows(1).get(0);
      byte[] value;
      try (FeatureValues values = new FeatureValues(cluster.endpoints, "features")) {
        value = values.row(java.util.Arrays.copyOf(row, 65));
      }
      try (KafkaProducer<byte[], byte[]> producer = cluster.endpoints.producer()) {
        producer.send(new ProducerRecord<>(cluster.topics.features(), value)).get();
      }

      try (Application application = run(cluster)) {
        Published.await(cluster.endpoints, cluster.topics.deadLetter(), 1, TIMEOUT);
      }

      try (KafkaAvroDeserializer avro = cluster.endpoints.avroDeserializer()) {
        List<ConsumerRecord<byte[], Object>> letters =
            Published.readToEnd(cluster.endpoints, cluster.topics.deadLetter(), avro);
        assertThat(letters).hasSize(1);
        assertThat(floats(Fields.value(letters.get(0)), "features")).hasSize(65).startsWith(row);
      }
    }
  }

  @Test
  void keepsTheStrongestFeaturesOfTheWantedOutput() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(2)) {
      MixedFeed feed = MixedFeed.send(cluster.endpoints, cluster.topics.features(), 60, 30);

      explain(cluster, feed, "top.k", "3", "reduction", "signed", "reduction.target", "1");

      Published published = Published.readToEnd(cluster.endpoints, cluster.topics);
      Map<String, GenericRecord> matrices = new HashMap<>();
      published.projected().forEach(o -> matrices.put(Fields.position(o), Fields.value(o)));
      assertThat(published.reduced()).hasSize(90);
      for (ConsumerRecord<byte[], Object> output : published.reduced()) {
        assertStrongest(Fields.value(output), matrices.get(Fields.position(output)));
      }
    }
  }

  /** Three features of output 1, strongest first, none stronger left out. */
  private static void assertStrongest(GenericRecord reduced, GenericRecord matrix) {
    int features = (int) Fields.whole(matrix, "features");
    float[] row =
        java.util.Arrays.copyOfRange(floats(matrix, "contributions"), features, 2 * features);
    List<?> indices = (List<?>) reduced.get("indices");
    List<Integer> strongest =
        IntStream.range(0, features)
            .boxed()
            .sorted((a, b) -> Float.compare(Math.abs(row[b]), Math.abs(row[a])))
            .limit(3)
            .toList();
    assertThat(reduced.get("reduction").toString()).isEqualTo("signed");
    assertThat(reduced.get("target")).isEqualTo(1);
    assertThat(reduced.get("features")).isEqualTo(features);
    assertThat(indices).isEqualTo(strongest);
    assertThat(floats(reduced, "values"))
        .containsExactly(row[strongest.get(0)], row[strongest.get(1)], row[strongest.get(2)]);
  }

  @Test
  void publishesOnlyWhatIsAskedFor() throws Exception {
    try (Cluster cluster = Cluster.withoutTopics()) {
      cluster.create(
          1,
          List.of(
              cluster.topics.features(), cluster.topics.reduced(), cluster.topics.deadLetter()));
      MixedFeed feed = MixedFeed.send(cluster.endpoints, cluster.topics.features(), 20, 10);

      try (Application application = run(cluster, "outputs", "reduced")) {
        Published.await(cluster.endpoints, cluster.topics.reduced(), 30, TIMEOUT);
        Published.await(
            cluster.endpoints, cluster.topics.deadLetter(), feed.refused().size(), TIMEOUT);
      }
    }
  }

  /** Written and read with the classes of the schemas module, as Java applications do. */
  @Test
  void speaksToGeneratedClasses() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(1);
        KafkaAvroDeserializer avro = cluster.endpoints.avroDeserializer(true)) {
      FeatureRecord input = new FeatureRecord(features(Example.WDBC), "wdbc", "the-record");
      send(cluster, "the-key", input);

      try (Application application = run(cluster)) {
        Published.await(cluster.endpoints, cluster.topics.verification(), 1, TIMEOUT);
      }

      var projected =
          (ProjectedContribution) only(cluster, cluster.topics.projected(), avro).value();
      assertThat(projected.getModel()).isEqualTo("wdbc");
      assertThat(projected.getRecordId()).isEqualTo("the-record");
      assertThat(projected.getSource().getTopic()).isEqualTo("features");
      assertThat(projected.getContributions())
          .hasSize(projected.getOutputs() * projected.getFeatures());
      assertThat(projected.getCertificate().getExact()).isTrue();
      var reduced = (ReducedContribution) only(cluster, cluster.topics.reduced(), avro).value();
      assertThat(reduced.getReduction()).isEqualTo("l2");
      assertThat(reduced.getIndices()).isNull();
      assertThat(reduced.getValues()).hasSize(30);
      assertThat(reduced.getEmbedding()).isEqualTo(projected.getEmbedding());
      var metric = (VerificationMetric) only(cluster, cluster.topics.verification(), avro).value();
      assertThat(metric.getCount()).isEqualTo(1);
      assertThat(metric.getFirstTimestamp()).isEqualTo(metric.getLastTimestamp());
      assertThat(metric.getWorstRelativeError())
          .isEqualTo(projected.getCertificate().getRelativeError());
    }
  }

  private static List<Float> features(Example example) {
    float[] row = example.rows(1).get(0);
    return IntStream.range(0, row.length).mapToObj(k -> row[k]).toList();
  }

  private static void send(Cluster cluster, String key, FeatureRecord record) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = cluster.endpoints.producer();
        KafkaAvroSerializer avro = cluster.endpoints.avroSerializer()) {
      byte[] value = avro.serialize(cluster.topics.features(), record);
      producer
          .send(
              new ProducerRecord<>(
                  cluster.topics.features(), key.getBytes(StandardCharsets.UTF_8), value))
          .get();
    }
  }

  private static ConsumerRecord<byte[], Object> only(
      Cluster cluster, String topic, KafkaAvroDeserializer avro) {
    List<ConsumerRecord<byte[], Object>> records =
        Published.readToEnd(cluster.endpoints, topic, avro);
    assertThat(records).hasSize(1);
    return records.get(0);
  }

  /** Runs the application until there is an outcome for everything, and closes it. */
  private static void explain(Cluster cluster, MixedFeed feed, String... settings) {
    try (Application application = run(cluster, settings)) {
      Published.await(
          cluster.endpoints, cluster.topics.projected(), feed.explained().size(), TIMEOUT);
      Published.await(
          cluster.endpoints, cluster.topics.deadLetter(), feed.refused().size(), TIMEOUT);
    }
  }

  private static Application run(Cluster cluster, String... settings) {
    Application application = Application.open(cluster.config(Example.bundles(), settings));
    application.start();
    return application;
  }
}
