package io.attribution.stream.app;

import io.attribution.stream.http.StreamHealth;
import io.attribution.stream.monitoring.ConsumerLag;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/**
 * The health of Kafka Streams for liveness and readiness probes. After the first start a rebalance
 * keeps it ready: one happens whenever an instance joins or leaves, and requests are still
 * answered. A recently failed stream thread makes it unready: Kafka Streams reports RUNNING while
 * the thread is replaced again and again.
 */
final class KafkaStreamsHealth implements StreamHealth {
  private final KafkaStreams streams;

  /** Longer than the interval of retries while the registry is unreachable. */
  private static final Duration RECENTLY = Duration.ofSeconds(15);

  private final String inputTopic;
  private final FailurePolicy failures;
  private volatile boolean ran;

  KafkaStreamsHealth(KafkaStreams streams, String inputTopic, FailurePolicy failures) {
    this.streams = streams;
    this.inputTopic = inputTopic;
    this.failures = failures;
  }

  /** Must be called at every state change. */
  void changed(State state) {
    if (state == State.RUNNING) {
      ran = true;
    }
  }

  @Override
  public String state() {
    return streams.state().name();
  }

  @Override
  public boolean isAlive() {
    return switch (streams.state()) {
      case ERROR, PENDING_ERROR, NOT_RUNNING -> false;
      default -> true;
    };
  }

  @Override
  public boolean isReady() {
    State state = streams.state();
    boolean up = state == State.RUNNING || (ran && state == State.REBALANCING);
    return up && !failures.failedWithin(RECENTLY);
  }

  @Override
  public OptionalLong lag() {
    return ConsumerLag.of(streams.metrics().values(), inputTopic);
  }
}
