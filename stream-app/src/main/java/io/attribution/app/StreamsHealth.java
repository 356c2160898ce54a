package io.attribution.app;

import io.attribution.http.StreamHealth;
import io.attribution.monitoring.ConsumerLag;
import java.util.OptionalLong;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/**
 * Kafka Streams as probes see it. Once it ran, a rebalance does not make it unready: it happens
 * whenever another instance comes or goes, and requests are answered all the while.
 */
final class StreamsHealth implements StreamHealth {
  private final KafkaStreams streams;
  private final String inputTopic;
  private volatile boolean ran;

  StreamsHealth(KafkaStreams streams, String inputTopic) {
    this.streams = streams;
    this.inputTopic = inputTopic;
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
    return state == State.RUNNING || (ran && state == State.REBALANCING);
  }

  @Override
  public OptionalLong lag() {
    return ConsumerLag.of(streams.metrics().values(), inputTopic);
  }
}
