package io.attribution.stream.http;

import java.util.OptionalLong;

/** The health of the stream, as the server needs it. */
public interface StreamHealth {
  /** Kafka Streams' state, such as RUNNING. */
  String state();

  /** Whether the process can continue; when not, it must be restarted. */
  boolean isAlive();

  /** Whether it explains records, or will after a rebalance. */
  boolean isReady();

  /** Consumer lag of this instance, in input records; empty when unknown. */
  OptionalLong lag();
}
