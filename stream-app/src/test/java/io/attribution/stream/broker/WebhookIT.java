package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.schema.DriftAlert;
import io.attribution.stream.app.Application;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Alerts on the topic, and whoever is told of them by HTTP. */
class WebhookIT {
  private static final String BUNDLE = Example.DIGITS.bundle().toString();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String SECRET = "Bearer s3cr3t";

  @Test
  void deliversInOrderToAReceiverThatFailsAtFirstAndTellsNobodyOfOldAlerts() throws Exception {
    try (Cluster cluster = cluster();
        Alerts alerts = new Alerts(cluster);
        WebhookReceiver receiver = new WebhookReceiver()) {
      AtomicInteger asked = new AtomicInteger();
      receiver.answerWith(() -> asked.incrementAndGet() <= 2 ? 503 : 202);
      alerts.publish("digits", "old");

      try (Application application = start(cluster, receiver.url())) {
        alerts.publish("digits", "a", "b", "c");
        receiver.awaitAccepted(3, TIMEOUT);
      }

      assertThat(receiver.accepted()).containsExactly("a", "b", "c");
      WebhookReceiver.Request first = receiver.requests().get(0);
      assertThat(first.status()).isEqualTo(503);
      assertThat(first.event().get("data").get("message").asText()).isEqualTo("a");
      assertThat(first.event().get("specversion").asText()).isEqualTo("1.0");
      assertThat(first.type()).startsWith("application/cloudevents+json");
      assertThat(first.authorization()).isEqualTo(SECRET);
    }
  }

  @Test
  void losesNoAlertOverARestart() throws Exception {
    try (Cluster cluster = cluster();
        Alerts alerts = new Alerts(cluster);
        WebhookReceiver receiver = new WebhookReceiver()) {
      try (Application application = start(cluster, receiver.url())) {
        alerts.publish("digits", "a");
        receiver.awaitAccepted(1, TIMEOUT);
        receiver.answerWith(() -> 500);
        alerts.publish("digits", "b", "c");
        receiver.awaitRequests(2, TIMEOUT);
      }
      alerts.publish("digits", "d");
      receiver.answerWith(() -> 200);

      try (Application application = start(cluster, receiver.url())) {
        alerts.publish("digits", "e");
        receiver.awaitAccepted(5, TIMEOUT);
      }

      assertThat(receiver.accepted()).containsExactly("a", "b", "c", "d", "e");
    }
  }

  /** The group begins with the first start, not with the first delivery. */
  @Test
  void deliversWhatWasPublishedWhileTheApplicationWasStoppedBeforeItsFirstAlert() throws Exception {
    try (Cluster cluster = cluster();
        Alerts alerts = new Alerts(cluster);
        WebhookReceiver receiver = new WebhookReceiver()) {
      start(cluster, receiver.url()).close();
      alerts.publish("digits", "meanwhile");

      try (Application application = start(cluster, receiver.url())) {
        receiver.awaitAccepted(1, TIMEOUT);
      }

      assertThat(receiver.accepted()).containsExactly("meanwhile");
    }
  }

  @Test
  void explainsAtFullSpeedAndStopsInTimeWhileTheReceiverIsDead() throws Exception {
    try (Cluster cluster = cluster();
        Alerts alerts = new Alerts(cluster);
        FeatureProducer producer = new FeatureProducer(cluster, 11);
        Application application = start(cluster, deadUrl())) {
      alerts.publish("digits", IntStream.range(0, 50).mapToObj(i -> "alert " + i).toList());
      awaitMember(cluster);

      producer.produce(500, 64);
      Deliveries.read(cluster, cluster.topics.projected(), 500, TIMEOUT);

      assertThat(members(cluster)).isEqualTo(1);
      long before = System.nanoTime();
      application.close();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
      assertThat(members(cluster)).isZero();
    }
  }

  private static String deadUrl() throws IOException {
    try (WebhookReceiver receiver = new WebhookReceiver()) {
      return receiver.url();
    }
  }

  private static void awaitMember(Cluster cluster) throws Exception {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (members(cluster) != 1) {
      assertThat(System.nanoTime()).as("nobody reads alerts").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static long members(Cluster cluster) throws Exception {
    String group = Endpoints.APPLICATION + "-webhook";
    try (Admin admin = cluster.endpoints.admin()) {
      return admin
          .describeConsumerGroups(List.of(group))
          .describedGroups()
          .get(group)
          .get()
          .members()
          .stream()
          .filter(member -> !member.assignment().topicPartitions().isEmpty())
          .count();
    }
  }

  private static Cluster cluster() {
    Cluster cluster = Cluster.withoutTopics();
    Set<String> topics = new LinkedHashSet<>(cluster.allTopics());
    topics.add(cluster.topics.samples());
    topics.add(cluster.topics.windows());
    topics.add(cluster.topics.alerts());
    cluster.create(2, List.copyOf(topics));
    return cluster;
  }

  private static Application start(Cluster cluster, String url) {
    Application application =
        Application.open(
            cluster.config(
                BUNDLE,
                "alerts.webhook.url",
                url,
                "alerts.webhook.header.value",
                SECRET,
                "alerts.webhook.timeout.ms",
                "2000"));
    application.start();
    return application;
  }

  /** Writes alerts as the drift stage does. */
  private static final class Alerts implements AutoCloseable {
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaAvroSerializer avro;

    Alerts(Cluster cluster) {
      this.topic = cluster.topics.alerts();
      this.producer = cluster.endpoints.producer();
      this.avro = cluster.endpoints.avroSerializer();
    }

    void publish(String model, String... messages) throws Exception {
      publish(model, List.of(messages));
    }

    void publish(String model, List<String> messages) throws Exception {
      for (String message : messages) {
        producer
            .send(
                new ProducerRecord<>(
                    topic,
                    model.getBytes(StandardCharsets.UTF_8),
                    avro.serialize(topic, alert(model, message))))
            .get();
      }
    }

    private static DriftAlert alert(String model, String message) {
      return DriftAlert.newBuilder()
          .setModel(model)
          .setVersion("1")
          .setBundle("f00")
          .setKind("linearity_error")
          .setState("open")
          .setSeverity("critical")
          .setSince(Instant.ofEpochMilli(1))
          .setAt(Instant.ofEpochMilli(2))
          .setDetector("threshold")
          .setStatistic(0.1)
          .setThreshold(1e-4)
          .setMessage(message)
          .setAlertId("id")
          .build();
    }

    @Override
    public void close() {
      producer.close();
      avro.close();
    }
  }
}
