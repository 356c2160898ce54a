package io.attribution.stream.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much a command logs besides its results: warnings, or everything with --verbose. */
public final class Verbosity {
  private boolean raised;

  /** Whether --verbose was given. */
  public boolean isRaised() {
    return raised;
  }

  void raise() {
    raised = true;
    level(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.INFO);
    level("io.attribution", Level.DEBUG);
  }

  /** For commands whose one line replaces the many that Kafka's and Confluent's clients log. */
  void silenceClients() {
    if (!raised) {
      level("org.apache.kafka", Level.OFF);
      level("io.confluent", Level.OFF);
    }
  }

  private static void level(String logger, Level level) {
    if (LoggerFactory.getLogger(logger) instanceof Logger logback) {
      logback.setLevel(level);
    }
  }
}
