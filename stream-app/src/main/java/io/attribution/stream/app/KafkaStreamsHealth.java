package io.attribution.stream.app;

import io.attribution.stream.http.StreamHealth;
import io.attribution.stream.monitoring.ConsumerLag;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/**
 * Kafka Streams as probes see it. Once it ran, a rebalance does not make it unready: it happens
 * whenever another instance comes or goes, and requests are answered all the while. A stream thread
 * that failed a moment ago does: Kafka Streams says RUNNING while it is replaced, again and again.
 */
final class KafkaStreamsHealth implements StreamHealth {
  private final KafkaStreams streams;

  /** A registry that is away is tried again more often than that. */
  private static final Duration RECENTLY = Duration.ofSeconds(15);

  private final String inputTopic;
  private final FailurePolicy failures;
  private volatile boolean ran;

  KafkaStreamsHealth(KafkaStreams streams, String inputTopic, FailurePolicy failures) {
    this.streams = streams;
    this.inputTopic = inputTopic;
    this.failures = failures;
  }

  /** To be told of every change. */
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
