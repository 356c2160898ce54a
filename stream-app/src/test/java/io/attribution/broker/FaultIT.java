package io.attribution.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.app.Application;
import io.attribution.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** What the application makes of a world that breaks around it and comes back. */
class FaultIT {
  private static final String BUNDLE = Example.DIGITS.bundle().toString();
  private static final int FEATURES = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Longer than one call to the registry is tried again (5 s) and a new thread is waited for. */
  private static final Duration LONG = Duration.ofSeconds(12);

  /** Shorter than one call to the registry is tried again. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  @Test
  void waitsForARegistryThatIsAwayForLong() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(2)) {
      explainsNewSchemaAfter(cluster, LONG, cluster.registry::stop, cluster.registry::startAgain);
    }
  }

  @Test
  void waitsForARegistryThatAnswersWithErrorsForAMoment() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(2)) {
      explainsNewSchemaAfter(cluster, SHORT, cluster.registry::pause, cluster.registry::resume);
    }
  }

  private static final int EARLIER = 300;
  private static final ByteArrayDeserializer BYTES = new ByteArrayDeserializer();

  /** Records of a schema that the application never met arrive while the registry is away. */
  private static void explainsNewSchemaAfter(
      Cluster cluster, Duration away, Runnable leave, Runnable comeBack) throws Exception {
    List<float[]> rows = Example.DIGITS.rows(200);
    try (FeatureProducer producer = new FeatureProducer(cluster, 3);
        FeatureValues values = new FeatureValues(cluster.endpoints, cluster.topics.features());
        Application application = start(cluster)) {
      producer.produce(EARLIER, FEATURES);
      awaitExplained(cluster, EARLIER);
      List<byte[]> newer =
          rows.stream().map(row -> values.newer(row, Optional.empty(), Optional.empty())).toList();

      leave.run();
      producer.produceValues(newer);
      Thread.sleep(away.toMillis());
      assertThat(Published.readToEnd(cluster.endpoints, cluster.topics.projected(), BYTES))
          .hasSize(EARLIER);
      comeBack.run();

      awaitExplained(cluster, EARLIER + rows.size());
      application.close();
      assertExactlyOnce(cluster, producer);
    }
  }

  @Test
  void goesOnWhereItWasWhenTheBrokerComesBack() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(3);
        FeatureProducer producer = new FeatureProducer(cluster, 4);
        Application application = start(cluster, "commit.interval.ms", "20")) {
      producer.produce(20_000, FEATURES);
      awaitExplained(cluster, 2_000);

      cluster.kafka.stop();
      Thread.sleep(10_000);
      cluster.kafka.startAgain();

      producer.produce(5_000, FEATURES);
      awaitExplained(cluster, 25_000);
      application.close();
      assertExactlyOnce(cluster, producer);
    }
  }

  @Test
  void namesTheTopicThatIsMissingAndTheCommandThatMakesIt() {
    try (Cluster cluster = Cluster.withoutTopics()) {
      assertThatThrownBy(() -> Application.open(cluster.config(BUNDLE)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("'features'")
          .hasMessageContaining("attribution topics create");

      cluster.create(1, List.of(cluster.topics.features(), cluster.topics.projected()));
      cluster.create(1, List.of(cluster.topics.reduced(), cluster.topics.verification()));
      assertThatThrownBy(() -> Application.open(cluster.config(BUNDLE)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("'attributions.dead-letter'")
          .hasMessageContaining("attribution topics create");
    }
  }

  @Test
  void sharesTheWorkWithAnInstanceThatJoinsAndHandsItOverWhenItLeaves() throws Exception {
    String[] settings = {"batch.linger.ms", "200"};
    try (Cluster cluster = Cluster.withPartitions(4);
        FeatureProducer producer = new FeatureProducer(cluster, 5);
        Application first = start(cluster, settings)) {
      producer.produce(10_000, FEATURES);
      awaitExplained(cluster, 1_000);
      try (Application second = start(cluster, settings)) {
        produceUntil(producer, () -> cluster.readers() == 2);
        producer.produce(2_000, FEATURES);

        first.close();
        produceUntil(producer, () -> cluster.readers() == 1);
        producer.produce(2_000, FEATURES);

        awaitExplained(cluster, producer.positions().size());
      }
      assertExactlyOnce(cluster, producer);
    }
  }

  /** Records flow for as long as the group makes room. */
  private static void produceUntil(FeatureProducer producer, Callable<Boolean> done)
      throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.call()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      producer.produce(100, FEATURES);
      Thread.sleep(50);
    }
  }

  @Test
  void keepsRowsThatWaitForTheirBatchOverACleanRestart() throws Exception {
    int count = 700;
    String[] patient = {"batch.linger.ms", "60000"};
    try (Cluster cluster = Cluster.withPartitions(1);
        FeatureProducer producer = new FeatureProducer(cluster, 6)) {
      producer.produce(count, FEATURES);

      try (Application application = start(cluster, patient)) {
        cluster.awaitGroup(count, PATIENCE);
      }
      assertThat(Deliveries.readToEnd(cluster, cluster.topics.projected()).positions()).isZero();

      try (Application application = start(cluster)) {
        awaitExplained(cluster, count);
      }
      assertExactlyOnce(cluster, producer);
    }
  }

  private static Application start(Cluster cluster, String... settings) {
    Application application = Application.open(cluster.config(BUNDLE, settings));
    application.start();
    return application;
  }

  private static void awaitExplained(Cluster cluster, int records) {
    Deliveries.read(cluster, cluster.topics.projected(), records, PATIENCE);
  }

  /** On both topics, and no record was blamed. All instances are closed. */
  private static void assertExactlyOnce(Cluster cluster, FeatureProducer producer) {
    Map<String, String> produced = producer.positions();
    for (String topic : List.of(cluster.topics.projected(), cluster.topics.reduced())) {
      Deliveries.readToEnd(cluster, topic).assertExactlyOnce(produced);
    }
    assertThat(Published.readToEnd(cluster.endpoints, cluster.topics.deadLetter(), BYTES))
        .isEmpty();
  }
}
