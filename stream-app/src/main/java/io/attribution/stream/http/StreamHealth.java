package io.attribution.stream.http;

import io.attribution.stream.monitoring.Outside;
import java.util.List;

/** The health of the stream, as the server needs it. */
public interface StreamHealth {
  /** Kafka Streams' state, such as RUNNING. */
  String state();

  /** Whether the process can continue; when not, it must be restarted. */
  boolean isAlive();

  /** Why it does not explain records, or would not, one line each; empty when it is ready. */
  List<String> problems();

  /** Whether it explains records, or will after a rebalance. */
  default boolean isReady() {
    return problems().isEmpty();
  }

  /** When others last answered, what was committed, and what waits. */
  Outside outside();
}
