package io.attribution.stream.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * What standard error shows of the log, and how. Where something else than this application's
 * {@code logback.xml} configures logging, it is left as it is.
 */
public final class LogOutput {
  /** The logger of what a command tells its user, where the log is JSON; nothing is left out. */
  public static final String COMMAND = "attribution";

  private static final String SPARSE = "sparse";
  private static final String CONSOLE = "stderr";
  private static volatile boolean json;

  private LogOutput() {}

  /** Shows everything: every line and every stack trace. */
  public static void everything() {
    level(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.INFO);
    level("io.attribution", Level.DEBUG);
    sparse().ifPresent(SparseAppender::passEverything);
  }

  /** Says what is left to say: the reason of a failure comes next, and last. */
  public static void end() {
    sparse().ifPresent(SparseAppender::end);
  }

  /** Does not log what comes from these loggers. */
  public static void silence(String logger) {
    level(logger, Level.OFF);
  }

  /** From now on each line is a JSON object. */
  public static void json() {
    console()
        .ifPresent(
            console -> {
              JsonEncoder encoder = encoder();
              encoder.setContext(console.getContext());
              encoder.start();
              console.setEncoder(encoder);
              json = true;
            });
  }

  /** Whether lines are JSON objects. */
  public static boolean isJson() {
    return json;
  }

  private static JsonEncoder encoder() {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMarkers(false);
    encoder.setWithMDC(false);
    encoder.setWithKVPList(false);
    return encoder;
  }

  private static void level(String name, Level level) {
    if (LoggerFactory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }

  private static Optional<SparseAppender> sparse() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
            && context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender(SPARSE)
                instanceof SparseAppender found
        ? Optional.of(found)
        : Optional.empty();
  }

  private static Optional<ConsoleAppender<ILoggingEvent>> console() {
    return sparse()
        .map(appender -> appender.getAppender(CONSOLE))
        .filter(ConsoleAppender.class::isInstance)
        .map(appender -> (ConsoleAppender<ILoggingEvent>) appender);
  }
}
