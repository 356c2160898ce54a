package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.app.Application;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An output that fails in the commit of its row: the row was committed as pending before, and must
 * be there when the operator has mended the topic.
 */
class RefusedOutputIT {
  private static final String LIMIT = "max.message.bytes";
  private static final String ENOUGH = "1140000";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @ParameterizedTest
  @ValueSource(strings = {"at_least_once", "exactly_once_v2"})
  void explainsTheRowAfterTheRestart(String guarantee) throws Exception {
    try (Cluster cluster = new Cluster()) {
      cluster
          .allTopics()
          .forEach(topic -> cluster.kafka.createTopic(topic, 1, Map.of(LIMIT, ENOUGH)));
      // The row is committed as pending some times before it is explained.
      String[] settings = {
        "outputs", "projected",
        "processing.guarantee", guarantee,
        "batch.linger.ms", "2000",
        "commit.interval.ms", "300"
      };
      try (Application application =
          Application.open(cluster.config(Example.DIGITS.bundle().toString(), settings))) {
        application.start();
        limitProjected(cluster, "8000");
        send(cluster, new byte[20_000]);
        assertThat(application.awaitStop())
            .hasValueSatisfying(
                fault -> assertThat(fault).hasStackTraceContaining("RecordTooLargeException"));
      }
      assertThat(projected(cluster)).isEmpty();

      limitProjected(cluster, ENOUGH);
      try (Application application =
          Application.open(cluster.config(Example.DIGITS.bundle().toString(), settings))) {
        application.start();
        Published.await(cluster.endpoints, cluster.topics.projected(), 1, TIMEOUT);
      }
      assertThat(projected(cluster)).hasSize(1);
    }
  }

  private static List<?> projected(Cluster cluster) {
    return Published.readToEnd(
        cluster.endpoints, cluster.topics.projected(), new ByteArrayDeserializer());
  }

  private static void send(Cluster cluster, byte[] key) throws Exception {
    // Compression must not make it small.
    new java.util.Random(1).nextBytes(key);
    try (var producer = cluster.endpoints.producer();
        FeatureValues values = new FeatureValues(cluster.endpoints, cluster.topics.features())) {
      float[] row = Example.DIGITS.rows(1).get(0);
      byte[] value = values.row(row, Optional.empty(), Optional.empty());
      producer.send(new ProducerRecord<>(cluster.topics.features(), key, value)).get();
    }
  }

  private static void limitProjected(Cluster cluster, String bytes) throws Exception {
    ConfigResource topic =
        new ConfigResource(ConfigResource.Type.TOPIC, cluster.topics.projected());
    AlterConfigOp limit =
        new AlterConfigOp(new ConfigEntry(LIMIT, bytes), AlterConfigOp.OpType.SET);
    try (Admin admin = cluster.endpoints.admin()) {
      admin.incrementalAlterConfigs(Map.of(topic, List.of(limit))).all().get();
    }
  }
}
