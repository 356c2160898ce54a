package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.stream.app.Application;
import io.attribution.stream.config.ConfigException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Records far larger than the model's own. */
class LargeRecordIT {
  private static final int LIMIT = 4 << 20;
  private static final String BUNDLE = "../examples/digits/bundle";

  @Test
  void sendsABadRecordAsLargeAsTheInputTopicAllowsToTheDeadLetters() throws Exception {
    try (Cluster cluster = new Cluster()) {
      createTopics(cluster, LIMIT, LIMIT + (64 << 10));
      byte[] garbage = new byte[LIMIT - 1024];
      new java.util.Random(3).nextBytes(garbage);
      send(cluster, "none", garbage);

      try (Application application = Application.open(cluster.config(BUNDLE));
          var letters =
              new TopicReader<>(
                  cluster.endpoints, cluster.topics.deadLetter(), new ByteArrayDeserializer())) {
        application.start();
        assertThat(letters.readUntil(found -> !found.isEmpty(), Duration.ofSeconds(60)))
            .singleElement()
            .satisfies(letter -> assertThat(letter.value()).isEqualTo(garbage));
      }
    }
  }

  /** The limit of a topic is that of a compressed batch; the producer's is that of a record. */
  @Test
  void whatCannotBeSentAgainIsAShortDeadLetterAndStopsNothing() throws Exception {
    try (Cluster cluster = new Cluster();
        FeatureValues values = new FeatureValues(cluster.endpoints, cluster.topics.features())) {
      createTopics(cluster, LIMIT / 4, LIMIT / 4 + (64 << 10));
      byte[] unknown =
          values.row(new float[64], Optional.of("m".repeat(700_000)), Optional.empty());
      float[] row = Example.DIGITS.rows(1).get(0);
      send(
          cluster,
          "gzip",
          new byte[3 * LIMIT],
          unknown,
          values.row(row, Optional.empty(), Optional.empty()));

      try (Application application = Application.open(cluster.config(BUNDLE))) {
        application.start();
        cluster.awaitGroup(3, Duration.ofSeconds(60));
      }
      Published published = Published.readToEnd(cluster.endpoints, cluster.topics);
      assertThat(published.projected()).hasSize(1);
      assertThat(published.deadLetters()).hasSize(2);
      assertThat(published.deadLetters().get(0).value()).isNull();
      assertThat(published.deadLetters().get(1).value()).isEqualTo(unknown);
    }
  }

  @Test
  void refusesToStartWhereDeadLettersMayNotFit() {
    try (Cluster cluster = new Cluster()) {
      createTopics(cluster, LIMIT, LIMIT / 2);

      assertThatThrownBy(() -> Application.open(cluster.config(BUNDLE)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("attributions.dead-letter")
          .hasMessageContaining("raise its max.message.bytes to ");
    }
  }

  private static void createTopics(Cluster cluster, int features, int others) {
    cluster.outputs().forEach(topic -> create(cluster, topic, others));
    create(cluster, cluster.topics.samples(), others);
    create(cluster, cluster.topics.windows(), others);
    create(cluster, cluster.topics.alerts(), others);
    create(cluster, cluster.topics.deadLetter(), others);
    create(cluster, cluster.topics.features(), features);
  }

  private static void create(Cluster cluster, String topic, int bytes) {
    cluster.kafka.createTopic(topic, 1, Map.of("max.message.bytes", String.valueOf(bytes)));
  }

  private static void send(Cluster cluster, String compression, byte[]... values) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.kafka.bootstrapServers(),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                4 * LIMIT,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                compression),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (byte[] value : values) {
        producer.send(new ProducerRecord<>(cluster.topics.features(), value)).get();
      }
    }
  }
}
