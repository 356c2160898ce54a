package io.attribution.stream.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.status.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SparseAppenderTest {
  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final Logger log = context.getLogger("io.attribution.Test");
  private long nanos;
  private final SparseAppender sparse = new SparseAppender(() -> nanos);

  @BeforeEach
  void start() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%level %logger{0}: %message%n");
    encoder.start();
    OutputStreamAppender<ILoggingEvent> stream = new OutputStreamAppender<>();
    stream.setContext(context);
    stream.setEncoder(encoder);
    stream.setOutputStream(shown);
    stream.start();
    sparse.setContext(context);
    sparse.addAppender(stream);
    sparse.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(sparse);
  }

  /** Logback swallows what an appender throws. */
  @AfterEach
  void stop() {
    context.stop();
    assertThat(context.getStatusManager().getCopyOfStatusList())
        .noneMatch(status -> status.getLevel() >= Status.WARN);
  }

  private List<String> lines() {
    return shown.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void showsOneLineOfACauseAndHowManyThereWereOnceAMinute() {
    for (int i = 0; i < 100; i++) {
      log.warn("record {} is odd", i);
    }
    log.warn("something else");
    nanos += Duration.ofMinutes(1).toNanos();
    log.warn("record 100 is odd");

    assertThat(lines())
        .containsExactly(
            "WARN Test: record 0 is odd",
            "WARN Test: something else",
            "WARN Test: record 100 is odd (and 99 like it since the last line)");
  }

  @Test
  void saysInOneLineWhatAnExceptionFromOutsideSays() {
    log.warn("no rows", new StreamsException("oh", new DisconnectException("from node\n 1")));
    assertThat(lines()).containsExactly("WARN Test: no rows: DisconnectException: from node 1");
  }

  /** As its producer throws when a commit has timed out. */
  @Test
  void saysInOneLineWhatKafkasOwnCodeThrows() {
    IllegalStateException fault = new IllegalStateException("commitTransaction timed out");
    fault.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("org.apache.kafka.clients.A", "m", "A.java", 1)
        });
    log.warn("no rows", new StreamsException("oh", fault));
    assertThat(lines())
        .containsExactly("WARN Test: no rows: IllegalStateException: commitTransaction timed out");
  }

  @Test
  void keepsTheTraceOfAFaultOfTheProgram() {
    log.error("no rows", new StreamsException("oh", new IllegalStateException("bug")));
    assertThat(lines())
        .startsWith("ERROR Test: no rows")
        .anyMatch(line -> line.contains("Caused by: java.lang.IllegalStateException: bug"));
  }

  @Test
  void showsAllThatACommandTellsItsUser() {
    for (int i = 0; i < 20; i++) {
      context.getLogger(LogOutput.COMMAND).info("model m{} is loaded", i);
    }
    assertThat(lines()).hasSize(20);
  }

  /** Of a client that is closed, for example. */
  @Test
  void saysNothingOfOtherLibrariesAfterTheEnd() {
    nanos = SparseLines.PATIENCE.toNanos();
    sparse.end();
    context.getLogger("org.apache.kafka.clients.NetworkClient").warn("no connection");
    log.warn("mine");
    assertThat(lines()).containsExactly("WARN Test: mine");
  }

  @Test
  void showsEverythingWhenVerbose() {
    sparse.passEverything();
    for (int i = 0; i < 3; i++) {
      log.warn("record {} is odd", i, new IOException("x"));
    }
    assertThat(lines().stream().filter(line -> line.startsWith("WARN"))).hasSize(3);
    assertThat(lines()).anyMatch(line -> line.startsWith("\tat "));
  }
}
