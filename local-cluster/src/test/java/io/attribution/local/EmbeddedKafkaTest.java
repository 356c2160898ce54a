package io.attribution.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedKafkaTest {

  @Test
  void showsCommittedTransactionsOnly() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic("t", 1);
      TopicText text = new TopicText(kafka.bootstrapServers(), "t");

      text.transact(true, "a", "b");
      text.transact(false, "lost");
      text.transact(true, "c");

      assertThat(text.committed()).containsExactly("a", "b", "c");
    }
  }

  @Test
  void keepsRecordsAndAddressOverStopAndStart() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic("t", 1);
      TopicText text = new TopicText(kafka.bootstrapServers(), "t");
      text.transact(true, "before");

      kafka.stop();
      assertThat(isListening(kafka.bootstrapServers())).isFalse();
      kafka.startAgain();
      text.transact(true, "after");

      assertThat(text.committed()).containsExactly("before", "after");
    }
  }

  @Test
  void leavesADataDirectoryToTheNextBroker(@TempDir Path directory) {
    BrokerOptions options = BrokerOptions.DEFAULTS.withDataDirectory(directory);
    try (EmbeddedKafka first = EmbeddedKafka.start(options)) {
      first.createTopic("t", 1);
      new TopicText(first.bootstrapServers(), "t").transact(true, "a");
    }

    try (EmbeddedKafka second = EmbeddedKafka.start(options)) {
      assertThat(new TopicText(second.bootstrapServers(), "t").committed()).containsExactly("a");
    }
  }

  @Test
  @Timeout(30)
  void servesConsumerGroups() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic("t", 1);
      new TopicText(kafka.bootstrapServers(), "t").transact(true, "a");

      assertThat(committedByGroup(kafka)).isPositive();
    }
  }

  @Test
  void createsTopicsOnlyWhenAsked() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start();
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      kafka.createTopic("asked", 3, Map.of("retention.ms", "1000"));

      assertThatThrownBy(() -> new TopicText(kafka.bootstrapServers(), "unasked").partitions())
          .isInstanceOf(TimeoutException.class);
      assertThat(admin.listTopics().names().get()).containsExactly("asked");
    }
  }

  @Test
  void saysWhichTopicItCannotCreate() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic("twice", 1);

      assertThatThrownBy(() -> kafka.createTopic("twice", 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("twice")
          .hasCauseInstanceOf(TopicExistsException.class);
    }
  }

  @Test
  void listensWhereItIsToldWithThePropertiesItIsGiven() {
    int port = FreePort.find();
    BrokerOptions options =
        BrokerOptions.DEFAULTS.withPort(port).withProperty("auto.create.topics.enable", "true");

    try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
      assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      new TopicText(kafka.bootstrapServers(), "unasked").transact(true, "a");
    }
  }

  @Test
  void releasesItsStorageWhereItsPortIsTaken(@TempDir Path directory) throws Exception {
    ObservedStorage storage = new ObservedStorage(directory);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      BrokerOptions options = new BrokerOptions(taken.getLocalPort(), storage, Map.of());

      assertThatThrownBy(() -> EmbeddedKafka.start(options))
          .isInstanceOf(IllegalStateException.class)
          .hasStackTraceContaining("in use");
    }
    assertThat(storage.isReleased()).isTrue();
  }

  @Test
  void refusesAnIllegalProperty() {
    BrokerOptions options = BrokerOptions.DEFAULTS.withProperty("num.io.threads", "many");

    assertThatThrownBy(() -> EmbeddedKafka.start(options))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("num.io.threads");
  }

  /** The offset up to which a group has read "t", after it has met one record. */
  private static long committedByGroup(EmbeddedKafka kafka) {
    TopicPartition partition = new TopicPartition("t", 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "group.id", "g",
                "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of("t"));
      while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {}
      consumer.commitSync();
      return consumer.committed(Set.of(partition)).get(partition).offset();
    }
  }

  private static boolean isListening(String address) {
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    return !FreePort.isFree(port);
  }
}
