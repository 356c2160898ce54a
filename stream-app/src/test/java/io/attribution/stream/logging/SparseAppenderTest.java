package io.attribution.stream.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SparseAppenderTest {
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> shown = new ListAppender<>();
  private final SparseAppender sparse = new SparseAppender();
  private final Logger log = context.getLogger("io.attribution.Test");

  @BeforeEach
  void start() {
    shown.start();
    sparse.setContext(context);
    sparse.addAppender(shown);
    sparse.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(sparse);
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private List<String> messages() {
    return shown.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void showsOneLineOfACause() {
    for (int i = 0; i < 100; i++) {
      log.warn("record {} is odd", i);
    }
    log.warn("something else");
    assertThat(messages()).containsExactly("record 0 is odd", "something else");
    assertThat(shown.list.get(0).getLevel()).isEqualTo(Level.WARN);
    assertThat(shown.list.get(0).getLoggerName()).isEqualTo("io.attribution.Test");
  }

  @Test
  void saysInOneLineWhatAnExceptionFromOutsideSays() {
    log.warn("no rows", new StreamsException("oh", new DisconnectException("from node\n 1")));
    assertThat(messages()).containsExactly("no rows: DisconnectException: from node 1");
    assertThat(shown.list.get(0).getThrowableProxy()).isNull();
  }

  @Test
  void keepsTheTraceOfAFaultOfTheProgram() {
    log.error("no rows", new StreamsException("oh", new IllegalStateException("bug")));
    assertThat(messages()).containsExactly("no rows");
    assertThat(shown.list.get(0).getThrowableProxy()).isNotNull();
  }

  @Test
  void showsEverythingWhenVerbose() {
    sparse.passEverything();
    for (int i = 0; i < 3; i++) {
      log.warn("record {} is odd", i, new DisconnectException("x"));
    }
    assertThat(shown.list)
        .hasSize(3)
        .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNotNull());
  }
}
