package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.stream.app.Application;
import io.attribution.stream.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** What the application makes of a world that breaks around it and comes back. */
class FaultIT {
  private static final String BUNDLE = Example.DIGITS.bundle().toString();
  private static final int FEATURES = 64;
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  /** Less than the session of a member that does not say goodbye (45 s). */
  private static final Duration REBALANCE = Duration.ofSeconds(40);

  /** Longer than one call to the registry is tried again (5 s) and a new thread is waited for. */
  private static final Duration LONG = Duration.ofSeconds(12);

  /** How long the group waits for a thread that died: the shortest that brokers allow. */
  private static final String SESSION = "6000";

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
        Application application = start(cluster, "session.timeout.ms", SESSION)) {
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
        Application application = start(cluster)) {
      try (Flow flow = new Flow(producer)) {
        awaitExplained(cluster, 1_000);
        cluster.kafka.stop();
        Thread.sleep(10_000);
        cluster.kafka.startAgain();
        awaitExplained(cluster, producer.positions().size() + 1_000);
      }

      awaitExplained(cluster, producer.positions().size());
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
          .hasMessageContaining("'attributions.samples'")
          .hasMessageContaining("attribution topics create");
    }
  }

  @Test
  void sharesTheWorkWithAnInstanceThatJoinsAndHandsItOverWhenItLeaves() throws Exception {
    // Each stream thread is a member of the group: one for each instance, so that they can be
    // counted.
    String[] settings = {"batch.linger.ms", "200", "num.stream.threads", "1"};
    try (Cluster cluster = Cluster.withPartitions(4);
        FeatureProducer producer = new FeatureProducer(cluster, 5);
        Application first = start(cluster, settings)) {
      try (Flow flow = new Flow(producer)) {
        awaitExplained(cluster, 1_000);
        try (Application second = start(cluster, settings)) {
          cluster.awaitReaders(2, REBALANCE);
          awaitExplained(cluster, producer.positions().size());

          first.close();
          cluster.awaitReaders(1, REBALANCE);
          flow.close();
          awaitExplained(cluster, producer.positions().size());
        }
      }
      assertExactlyOnce(cluster, producer);
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
        cluster.awaitGroup(count, TIMEOUT);
      }
      assertThat(Deliveries.readToEnd(cluster, cluster.topics.projected()).positions()).isZero();

      try (Application application = start(cluster)) {
        awaitExplained(cluster, count);
      }
      assertExactlyOnce(cluster, producer);
    }
  }

  /** Records that keep coming, some five hundred in a second. */
  private static final class Flow implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Future<?> work;

    Flow(FeatureProducer producer) {
      work =
          thread.submit(
              () -> {
                while (!closed.get()) {
                  producer.produce(50, FEATURES);
                  Thread.sleep(100);
                }
                return null;
              });
    }

    @Override
    public void close() throws Exception {
      closed.set(true);
      work.get();
      thread.shutdown();
    }
  }

  private static Application start(Cluster cluster, String... settings) {
    Application application = Application.open(cluster.config(BUNDLE, settings));
    application.start();
    return application;
  }

  private static void awaitExplained(Cluster cluster, int records) {
    Deliveries.read(cluster, cluster.topics.projected(), records, TIMEOUT);
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
