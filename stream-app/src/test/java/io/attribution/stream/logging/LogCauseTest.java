package io.attribution.stream.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lines as Kafka's clients wrote them in outages. */
class LogCauseTest {
  private static final String CLIENTS = "org.apache.kafka.clients.";

  private static String network(String line) {
    return LogCause.of(CLIENTS + "NetworkClient", line);
  }

  @Test
  void anUnreachableBrokerIsOneCauseWhoeverSaysIt() {
    assertThat(
            Stream.of(
                network(
                    "[Producer clientId=a-StreamThread-1-producer, transactionalId=a-1] Connection to"
                        + " node -1 (/127.0.0.1:26993) could not be established. Node may not be"
                        + " available."),
                network(
                    "[Consumer clientId=a-live, groupId=null] Bootstrap broker 127.0.0.1:26993 (id:"
                        + " -1 rack: null isFenced: false) disconnected"),
                LogCause.of(
                    CLIENTS + "FetchSessionHandler",
                    "[Consumer clientId=a, groupId=b] Error sending fetch request (sessionId=5,"
                        + " epoch=7) to node 1: DisconnectException"),
                LogCause.of(
                    CLIENTS + "producer.internals.Sender",
                    "[Producer clientId=a] Got error produce response with correlation id 34 on"
                        + " topic-partition t-0, retrying (2147483646 attempts left). Error:"
                        + " NETWORK_EXCEPTION. Error Message: Disconnected from node 1"),
                LogCause.of(
                    CLIENTS + "consumer.internals.ConsumerCoordinator",
                    "[Consumer clientId=a, groupId=b] Group coordinator 127.0.0.1:9092 (id:"
                        + " 2147483646) is unavailable or invalid due to cause: coordinator"
                        + " unavailable.")))
        .containsOnly("org.apache.kafka.unreachable");
  }

  @Test
  void anErrorOfTheProtocolIsACauseOfItsOwn() {
    List<String> causes =
        Stream.of("CONCURRENT_TRANSACTIONS", "OUT_OF_ORDER_SEQUENCE_NUMBER", "NOT_ENOUGH_REPLICAS")
            .map(
                error ->
                    LogCause.of(
                        CLIENTS + "producer.internals.Sender",
                        "[Producer clientId=a] Got error produce response with correlation id 34 on"
                            + " topic-partition t-0, retrying (9 attempts left). Error: "
                            + error))
            .toList();
    assertThat(causes).doesNotHaveDuplicates().doesNotContain("org.apache.kafka.unreachable");
  }

  @Test
  void numbersAndPositionsMakeNoOtherCause() {
    assertThat(LogCause.of("io.attribution.A", "skipped features-0@17: bad"))
        .isEqualTo(LogCause.of("io.attribution.A", "skipped features-3@9218: bad"))
        .isNotEqualTo(LogCause.of("io.attribution.A", "skipped features-0@17: worse"))
        .isNotEqualTo(LogCause.of("io.attribution.B", "skipped features-0@17: bad"));
  }

  /** Eight topics are too small: eight lines that somebody must read. */
  @Test
  void linesOfDifferentTopicsAreDifferent() {
    assertThat(LogCause.of("io.attribution.A", "topic 'a.b' allows 10 bytes"))
        .isNotEqualTo(LogCause.of("io.attribution.A", "topic 'a.c' allows 10 bytes"));
  }
}
