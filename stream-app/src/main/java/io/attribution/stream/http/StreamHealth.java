package io.attribution.stream.http;

import java.util.OptionalLong;

/** What the server asks the application about its stream. */
public interface StreamHealth {
  /** Kafka Streams' state, such as RUNNING. */
  String state();

  /** Whether the process can go on; when not, it should be restarted. */
  boolean isAlive();

  /** Whether it explains records, or does so again in a moment. */
  boolean isReady();

  /** Input records that this instance is behind; nothing when it does not know. */
  OptionalLong lag();
}
