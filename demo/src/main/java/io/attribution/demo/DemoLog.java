package io.attribution.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Sends what broker, clients and topology log to a file instead of standard error. The file is
 * deleted at the end, unless it is to be kept.
 */
final class DemoLog implements AutoCloseable {
  private static final String PATTERN = "%d %-5level [%thread] %logger{0}: %message%n";

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level usualLevel = root.getLevel();
  private final List<Appender<ILoggingEvent>> usual = new ArrayList<>();
  private final Path file = create();
  private final FileAppender<ILoggingEvent> appender = appender(root.getLoggerContext(), file);
  private boolean kept;

  /** From now on, nothing is logged to standard error. */
  DemoLog() {
    // The broker brings Log4j, which complains when Ctrl-C comes while it starts.
    System.setProperty("log4j2.shutdownHookEnabled", "false");
    System.setProperty("log4j2.statusLoggerLevel", "OFF");
    root.iteratorForAppenders().forEachRemaining(usual::add);
    usual.forEach(root::detachAppender);
    root.addAppender(appender);
    root.setLevel(Level.INFO);
  }

  /** A unique name: two demonstrations, or two users, may run at a time. */
  private static Path create() {
    try {
      return Files.createTempFile("attribution-demo-", ".log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileAppender<ILoggingEvent> appender(LoggerContext context, Path file) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setPattern(PATTERN);
    encoder.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context);
    appender.setName("demo");
    appender.setFile(file.toString());
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  Path file() {
    return file;
  }

  /** Does not delete the file at the end. */
  void keep() {
    kept = true;
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
    usual.forEach(root::addAppender);
    root.setLevel(usualLevel);
    if (!kept) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
