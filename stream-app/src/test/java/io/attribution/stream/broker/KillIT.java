package io.attribution.stream.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guarantees under kill -9, in the middle of a stream of records. */
class KillIT {
  private static final String BUNDLE = "../examples/digits/bundle";
  private static final int RECORDS = 100_000;
  private static final int FEATURES = 64;

  /** How long the group waits for a killed member: the shortest that brokers allow. */
  private static final String SESSION = "6000";

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void losesAndDoublesNothingWhenKilledTwiceUnderExactlyOnce() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(3);
        FeatureProducer producer = new FeatureProducer(cluster, 1)) {
      Map<String, String> settings = settings(cluster);
      producer.produce(RECORDS, FEATURES);

      killTwice(cluster, settings);
      try (AppProcess last = AppProcess.run(settings, directory)) {
        read(cluster, cluster.topics.projected()).assertExactlyOnce(producer.positions());
        read(cluster, cluster.topics.reduced()).assertExactlyOnce(producer.positions());
      }
    }
  }

  @Test
  void losesNothingWhenKilledTwiceUnderAtLeastOnce() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(3);
        FeatureProducer producer = new FeatureProducer(cluster, 2)) {
      Map<String, String> settings =
          settings(cluster, "processing.guarantee", "at_least_once", "outputs", "reduced");
      producer.produce(RECORDS, FEATURES);

      killTwice(cluster, settings);
      try (AppProcess last = AppProcess.run(settings, directory)) {
        read(cluster, cluster.topics.reduced()).assertAtLeastOnce(producer.positions());
      }
    }
  }

  private static Deliveries read(Cluster cluster, String topic) {
    return Deliveries.read(cluster, topic, RECORDS, TIMEOUT);
  }

  private void killTwice(Cluster cluster, Map<String, String> settings) throws Exception {
    killWhenSeen(cluster, settings, RECORDS / 4);
    killWhenSeen(cluster, settings, RECORDS / 2);
  }

  /**
   * Commits meet half-full batches: with whole batches in every poll or a short linger they hardly
   * ever do, and an implementation that loses pending rows would pass (it did).
   */
  private static Map<String, String> settings(Cluster cluster, String... more) {
    Map<String, String> settings = cluster.settings(BUNDLE, more);
    settings.put("session.timeout.ms", SESSION);
    settings.put("commit.interval.ms", "20");
    settings.put("max.poll.records", "333");
    settings.put("batch.linger.ms", "500");
    return settings;
  }

  /** Starts an instance and kills it when so many explanations are there. */
  private void killWhenSeen(Cluster cluster, Map<String, String> settings, int seen)
      throws Exception {
    try (AppProcess app = AppProcess.run(settings, directory)) {
      Committed.await(cluster, cluster.topics.reduced(), seen, TIMEOUT);
      app.kill();
    }
  }
}
