package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.app.Application;
import io.attribution.stream.topology.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records that the input topic takes and a topic behind the application refuses, each between good
 * ones. They become dead letters, their neighbours are explained, and the application stays up.
 */
class RefusedOutputIT {
  private static final String ANY = String.valueOf(Long.MAX_VALUE);
  private static final String BEFORE = TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG;
  private static final String AFTER = TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG;
  private static final String CLEANUP = TopicConfig.CLEANUP_POLICY_CONFIG;
  private static final String BYTES = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
  private static final String ENOUGH = "1140000";
  private static final String ONE_HOUR = "3600000";
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final long HOUR = 3_600_000;

  private static final long COMMIT_MILLIS = 300;

  /** Neighbours on either side of every record. */
  private static final int GOOD = 3;

  private final long now = System.currentTimeMillis();

  /** Records of a kind, and the reason of their dead letters; empty when they are explained. */
  private record Kind(String name, @Nullable String key, long age, int keyBytes, boolean refused) {}

  /** In the past and the future, without a key, and larger than an output may become. */
  private static List<Kind> kinds() {
    return List.of(
        new Kind("two days ahead", "ahead", -48 * HOUR, 0, true),
        new Kind("two days old", "old", 48 * HOUR, 0, true),
        new Kind("half an hour ahead", "near", -HOUR / 2, 0, false),
        new Kind("without a key", null, 0, 0, true),
        new Kind("with a large key", "large", 0, 200_000, true));
  }

  /** What every output refuses, dead letters included, is known before the first record. */
  @ParameterizedTest
  @ValueSource(strings = {"at_least_once", "exactly_once_v2"})
  void knowsTheLimitsOfTheOutputs(String guarantee) throws Exception {
    try (Cluster cluster = cluster()) {
      Map<String, String> strict =
          Map.of(BEFORE, ONE_HOUR, AFTER, ONE_HOUR, CLEANUP, "compact,delete");
      for (String topic : cluster.allTopics()) {
        if (!topic.equals(cluster.topics.features())) {
          alter(cluster, topic, strict);
        }
      }
      alter(cluster, cluster.topics.projected(), Map.of(BYTES, "100000"));
      try (Application application = run(cluster, guarantee)) {
        List<Kind> sent = send(cluster);
        // The large key is learned; nothing else restarts a thread.
        awaitOutcomes(cluster, sent);
        assertThat(application.isRunning()).isTrue();
      }
      verify(cluster, guarantee, 1);
    }
  }

  /** Limits are lowered while the application runs; changelogs are among them. */
  @ParameterizedTest
  @ValueSource(strings = {"at_least_once", "exactly_once_v2"})
  void learnsOfLimitsThatAreLoweredWhileItRuns(String guarantee) throws Exception {
    try (Cluster cluster = cluster();
        Application application = run(cluster, guarantee)) {
      sendGood(cluster, "first");
      Published.await(cluster.endpoints, cluster.topics.projected(), 1, TIMEOUT);
      Map<String, String> strict =
          Map.of(BEFORE, ONE_HOUR, AFTER, ONE_HOUR, CLEANUP, "compact,delete");
      for (String topic : topics(cluster)) {
        if (!topic.equals(cluster.topics.features())
            && !topic.startsWith("__")
            && !topic.endsWith("-changelog")) {
          alter(cluster, topic, strict);
        } else if (topic.endsWith("-changelog")) {
          alter(
              cluster,
              topic,
              Map.of("message.timestamp.type", "CreateTime", BEFORE, ONE_HOUR, AFTER, ONE_HOUR));
        }
      }
      alter(cluster, cluster.topics.projected(), Map.of(BYTES, "100000"));
      // The letter of the large record is refused as well, and shortened.
      alter(cluster, cluster.topics.deadLetter(), Map.of(BYTES, "100000"));
      List<Kind> sent = send(cluster);
      awaitOutcomes(cluster, sent);
      // After the first refusal the limits are read again: what they say is no longer learned.
      sent.addAll(send(cluster));
      awaitOutcomes(cluster, sent);
      assertThat(application.isRunning()).isTrue();
      application.close();
      verify(cluster, guarantee, 2);
      assertThat(read(cluster, cluster.topics.deadLetter()))
          .extracting(letter -> header(letter, DeadLetters.MESSAGE))
          .filteredOn(message -> message.contains(AFTER + "=" + ONE_HOUR))
          .isNotEmpty();
    }
  }

  private static Cluster cluster() {
    Cluster cluster = new Cluster();
    for (String topic : cluster.allTopics()) {
      boolean input = topic.equals(cluster.topics.features());
      cluster.kafka.createTopic(
          topic, 1, input ? Map.of(BYTES, ENOUGH, AFTER, ANY, BEFORE, ANY) : Map.of(BYTES, ENOUGH));
    }
    return cluster;
  }

  /** Rows are committed as pending some times before they are explained. */
  private static Application run(Cluster cluster, String guarantee) {
    Application application =
        Application.open(
            cluster.config(
                Example.DIGITS.bundle().toString(),
                "processing.guarantee",
                guarantee,
                "batch.linger.ms",
                "1000",
                "commit.interval.ms",
                String.valueOf(COMMIT_MILLIS)));
    application.start();
    return application;
  }

  private static Set<String> topics(Cluster cluster) throws Exception {
    try (Admin admin = cluster.endpoints.admin()) {
      return admin.listTopics().names().get();
    }
  }

  private List<Kind> send(Cluster cluster) throws Exception {
    List<Kind> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer = cluster.endpoints.producer();
        FeatureValues values = new FeatureValues(cluster.endpoints, cluster.topics.features())) {
      byte[] value = values.row(Example.DIGITS.rows(1).get(0));
      for (Kind kind : kinds()) {
        send(cluster, producer, value, sent);
        producer.send(record(cluster, key(kind), now - kind.age(), value)).get();
        sent.add(kind);
        // A commit follows: Kafka Streams gives its changelog records the last record's timestamp.
        Thread.sleep(COMMIT_MILLIS + 100);
        send(cluster, producer, value, sent);
      }
    }
    return sent;
  }

  private void send(
      Cluster cluster, KafkaProducer<byte[], byte[]> producer, byte[] value, List<Kind> sent)
      throws Exception {
    for (int i = 0; i < GOOD; i++) {
      Kind good = new Kind("good", "good-" + sent.size(), 0, 0, false);
      producer.send(record(cluster, key(good), now, value)).get();
      sent.add(good);
    }
  }

  private void sendGood(Cluster cluster, String key) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = cluster.endpoints.producer();
        FeatureValues values = new FeatureValues(cluster.endpoints, cluster.topics.features())) {
      byte[] value = values.row(Example.DIGITS.rows(1).get(0));
      producer.send(record(cluster, key.getBytes(StandardCharsets.UTF_8), now, value)).get();
    }
  }

  private static ProducerRecord<byte[], byte[]> record(
      Cluster cluster, byte @Nullable [] key, long timestamp, byte[] value) {
    return new ProducerRecord<>(cluster.topics.features(), 0, timestamp, key, value);
  }

  private static byte @Nullable [] key(Kind kind) {
    if (kind.key() == null) {
      return null;
    }
    if (kind.keyBytes() == 0) {
      return kind.key().getBytes(StandardCharsets.UTF_8);
    }
    // Compression must not make it small.
    byte[] large = new byte[kind.keyBytes()];
    new Random(1).nextBytes(large);
    return large;
  }

  private static void awaitOutcomes(Cluster cluster, List<Kind> sent) {
    int refused = (int) sent.stream().filter(Kind::refused).count();
    // At least once, a thread that starts again writes some rows twice: positions are counted.
    try (var avro = cluster.endpoints.avroDeserializer();
        var projected = new TopicReader<>(cluster.endpoints, cluster.topics.projected(), avro)) {
      projected.readUntil(
          records ->
              records.stream().map(RefusedOutputIT::sourceOffset).distinct().count()
                  >= sent.size() - refused,
          TIMEOUT);
    }
    try (var letters =
        new TopicReader<>(
            cluster.endpoints, cluster.topics.deadLetter(), new ByteArrayDeserializer())) {
      letters.readUntil(
          records ->
              records.stream().map(letter -> header(letter, DeadLetters.OFFSET)).distinct().count()
                  >= refused,
          TIMEOUT);
    }
  }

  /** Every input position has one outcome: it is on all outputs or a dead letter. */
  private void verify(Cluster cluster, String guarantee, int rounds) {
    Map<Long, ConsumerRecord<byte[], byte[]>> input = byOffset(cluster);
    Set<Long> letters = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> letter : read(cluster, cluster.topics.deadLetter())) {
      long offset = Long.parseLong(header(letter, DeadLetters.OFFSET));
      letters.add(offset);
      long timestamp = input.get(offset).timestamp();
      if (letter.timestamp() != timestamp) {
        assertThat(header(letter, DeadLetters.TIMESTAMP)).isEqualTo(String.valueOf(timestamp));
        assertThat(letter.timestamp()).isBetween(now - HOUR, System.currentTimeMillis() + HOUR);
      }
      assertThat(header(letter, DeadLetters.REASON)).isEqualTo("refused_by_topic");
      assertThat(header(letter, DeadLetters.MESSAGE)).contains("topic '");
    }
    Map<Long, Long> projected = positions(cluster, cluster.topics.projected(), input);
    Map<Long, Long> reduced = positions(cluster, cluster.topics.reduced(), input);

    assertThat(letters).hasSize(rounds * (int) kinds().stream().filter(Kind::refused).count());
    assertThat(projected.keySet()).doesNotContainAnyElementsOf(letters);
    assertThat(projected.size() + letters.size()).isEqualTo(input.size());
    assertThat(reduced.keySet()).containsAll(projected.keySet());
    if (guarantee.equals("exactly_once_v2")) {
      // At least once, one output may have been written before the other was refused.
      assertThat(reduced.keySet()).isEqualTo(projected.keySet());
      assertThat(projected.values()).containsOnly(1L);
      assertThat(reduced.values()).containsOnly(1L);
    }
  }

  private static Map<Long, ConsumerRecord<byte[], byte[]>> byOffset(Cluster cluster) {
    return read(cluster, cluster.topics.features()).stream()
        .collect(Collectors.toMap(ConsumerRecord::offset, record -> record));
  }

  /** How often each input offset is on an output; key and timestamp are the input's. */
  private static Map<Long, Long> positions(
      Cluster cluster, String topic, Map<Long, ConsumerRecord<byte[], byte[]>> input) {
    Map<Long, Long> counts = new HashMap<>();
    try (var avro = cluster.endpoints.avroDeserializer()) {
      for (var output : Published.readToEnd(cluster.endpoints, topic, avro)) {
        long offset = sourceOffset(output);
        ConsumerRecord<byte[], byte[]> source = input.get(offset);
        assertThat(source).isNotNull();
        assertThat(output.key()).isEqualTo(source.key());
        assertThat(output.timestamp()).isEqualTo(source.timestamp());
        counts.merge(offset, 1L, Long::sum);
      }
    }
    return counts;
  }

  private static long sourceOffset(ConsumerRecord<byte[], Object> output) {
    return Fields.whole((GenericRecord) Fields.value(output).get("source"), "offset");
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(Cluster cluster, String topic) {
    return Published.readToEnd(cluster.endpoints, topic, new ByteArrayDeserializer());
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static void alter(Cluster cluster, String topic, Map<String, String> settings)
      throws Exception {
    List<AlterConfigOp> changes =
        settings.entrySet().stream()
            .map(
                setting ->
                    new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()),
                        AlterConfigOp.OpType.SET))
            .toList();
    try (Admin admin = cluster.endpoints.admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes))
          .all()
          .get();
    }
  }
}
