package io.attribution.stream.cli;

import io.attribution.stream.logging.LogOutput;

/** How much a command logs besides its results: warnings, or everything with --verbose. */
public final class Verbosity {
  private boolean raised;

  /** Whether --verbose was given. */
  public boolean isRaised() {
    return raised;
  }

  void raise() {
    raised = true;
    LogOutput.everything();
  }

  /** For commands whose one line replaces the many that Kafka's and Confluent's clients log. */
  void silenceClients() {
    if (!raised) {
      LogOutput.silence("org.apache.kafka");
      LogOutput.silence("io.confluent");
    }
  }
}
