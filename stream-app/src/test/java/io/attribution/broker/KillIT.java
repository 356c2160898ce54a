package io.attribution.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guarantees under kill -9, in the middle of a stream of records. */
class KillIT {
  private static final String BUNDLE = "../examples/digits/bundle";
  private static final int FEATURES = 64;

  /** How long the group waits for a killed member: the shortest that brokers allow. */
  private static final String SESSION = "6000";

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path directory;

  @Test
  void losesAndDoublesNothingWhenKilledTwiceUnderExactlyOnce() throws Exception {
    int count = 100_000;
    try (Cluster cluster = Cluster.withPartitions(3);
        FeatureProducer producer = new FeatureProducer(cluster, 1)) {
      producer.produce(count, FEATURES);
      Map<String, String> settings = cluster.settings(BUNDLE, "session.timeout.ms", SESSION);

      killWhenSeen(cluster, settings, count / 4);
      killWhenSeen(cluster, settings, count / 2);
      try (AppProcess last = AppProcess.run(settings, directory)) {
        Deliveries.read(cluster, cluster.topics.projected(), count, PATIENCE)
            .assertExactlyOnce(producer.positions());
        Deliveries.read(cluster, cluster.topics.reduced(), count, PATIENCE)
            .assertExactlyOnce(producer.positions());
      }
    }
  }

  @Test
  void losesNothingWhenOneOfTwoInstancesIsKilledUnderAtLeastOnce() throws Exception {
    int count = 50_000;
    try (Cluster cluster = Cluster.withPartitions(4);
        FeatureProducer producer = new FeatureProducer(cluster, 2)) {
      producer.produce(count, FEATURES);
      Map<String, String> settings =
          cluster.settings(
              BUNDLE,
              "processing.guarantee",
              "at_least_once",
              "outputs",
              "reduced",
              "session.timeout.ms",
              "6000");

      try (AppProcess survivor = AppProcess.run(settings, directory)) {
        killWhenSeen(cluster, settings, count / 4);
        Deliveries.read(cluster, cluster.topics.reduced(), count, PATIENCE)
            .assertAtLeastOnce(producer.positions());
      }
    }
  }

  /** Starts an instance and kills it when so many explanations are there. */
  private void killWhenSeen(Cluster cluster, Map<String, String> settings, int seen)
      throws Exception {
    try (AppProcess app = AppProcess.run(settings, directory)) {
      Committed.await(cluster, cluster.topics.reduced(), seen, PATIENCE);
      app.kill();
    }
  }
}
