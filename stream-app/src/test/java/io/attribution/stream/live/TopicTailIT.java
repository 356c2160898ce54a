package io.attribution.stream.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.local.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators do to topics while somebody looks. */
@Timeout(120)
class TopicTailIT {
  private static EmbeddedKafka kafka;
  private static Admin admin;
  private static KafkaProducer<String, String> producer;

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
    admin = Admin.create(servers());
    producer = new KafkaProducer<>(servers(), new StringSerializer(), new StringSerializer());
  }

  @AfterAll
  static void stop() {
    producer.close();
    admin.close();
    kafka.close();
  }

  private static Map<String, Object> servers() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  @Test
  void waitsForATopicThatIsNotThereYet() throws Exception {
    try (TopicTail tail = tail("late")) {
      tail.start();
      Thread.sleep(1500);
      kafka.createTopic("late", 1);
      send("late", "a");

      assertThat(next()).isEqualTo("a");
    }
  }

  /** As retention does, while the registry is away. */
  @Test
  void goesOnWithWhatIsLeftWhenRecordsAreDeleted() throws Exception {
    kafka.createTopic("short", 1);
    send("short", "a");
    send("short", "b");
    send("short", "c");
    admin
        .deleteRecords(Map.of(new TopicPartition("short", 0), RecordsToDelete.beforeOffset(2)))
        .all()
        .get();

    try (TopicTail tail = tail("short")) {
      tail.start();

      assertThat(next()).isEqualTo("c");
    }
  }

  @Test
  void readsATopicAnewThatWasMadeAnew() throws Exception {
    kafka.createTopic("again", 1);
    send("again", "a");
    send("again", "b");
    try (TopicTail tail = tail("again")) {
      tail.start();
      assertThat(next()).isEqualTo("a");
      assertThat(next()).isEqualTo("b");

      admin.deleteTopics(List.of("again")).all().get();
      Thread.sleep(1000);
      createAgain();
      send("again", "c");

      assertThat(next()).isEqualTo("c");
    }
  }

  private static void createAgain() throws Exception {
    while (!admin.listTopics().names().get().contains("again")) {
      try {
        kafka.createTopic("again", 1);
      } catch (RuntimeException e) {
        Thread.sleep(200);
      }
    }
  }

  private static void send(String topic, String value) throws Exception {
    for (int tries = 0; ; tries++) {
      try {
        producer.send(new ProducerRecord<>(topic, value)).get();
        return;
      } catch (ExecutionException e) {
        // The producer may remember the topic of that name that is gone.
        if (tries > 20 || !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
        Thread.sleep(200);
      }
    }
  }

  private String next() throws InterruptedException {
    String value = seen.poll(60, TimeUnit.SECONDS);
    assertThat(value).as("a record").isNotNull();
    return value;
  }

  private TopicTail tail(String topic) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "auto.offset.reset",
            "earliest",
            "allow.auto.create.topics",
            false,
            "isolation.level",
            "read_committed");
    return new TopicTail(
        () ->
            new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        List.of(
            new FollowedTopic(
                topic,
                Duration.ZERO,
                100,
                record -> seen.add(new String(record.value(), StandardCharsets.UTF_8)))),
        Clock.systemUTC());
  }
}
