package io.attribution.stream.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.attribution.stream.registry.RegistryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class FailurePolicyTest {
  private final SetClock clock = new SetClock();
  private final AtomicBoolean learned = new AtomicBoolean();
  private Optional<String> outage = Optional.empty();
  private final FailurePolicy policy =
      new FailurePolicy(clock, Duration.ZERO, () -> outage, learned::get);

  private static final class SetClock extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @Test
  void waitsForARegistryForAsLongAsItTakes() {
    for (int i = 0; i < 100; i++) {
      assertThat(policy.handle(new StreamsException(new RegistryException("away", null, true))))
          .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
    assertThat(policy.fatal()).isEmpty();
  }

  /** As Kafka Streams' threads fail without brokers: not with an exception that says so. */
  @Test
  void waitsForBrokersForAsLongAsItTakes() {
    outage = Optional.of("brokers: no good answer for 70 s");
    for (int i = 0; i < 100; i++) {
      assertThat(
              policy.handle(new StreamsException(new IllegalStateException("commitTransaction"))))
          .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
    assertThat(policy.fatal()).isEmpty();

    assertThat(policy.handle(new StreamsException(new InvalidTopicException("a b"))))
        .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
  }

  @Test
  void replacesAThreadFiveTimesInFiveMinutes() {
    for (int i = 0; i < 5; i++) {
      assertThat(policy.handle(new IllegalStateException()))
          .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
    clock.now = clock.now.plus(Duration.ofMinutes(6));
    assertThat(policy.handle(new IllegalStateException()))
        .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    for (int i = 0; i < 4; i++) {
      policy.handle(new IllegalStateException());
    }

    assertThat(policy.handle(new IllegalStateException("once more")))
        .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    assertThat(policy.fatal()).get().extracting(Throwable::getMessage).isEqualTo("once more");
  }

  @Test
  void goesOnWhenARefusedOutputIsAvoidedNextTime() {
    learned.set(true);
    for (int i = 0; i < 100; i++) {
      assertThat(policy.handle(new StreamsException(new RecordTooLargeException("large"))))
          .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
    assertThat(policy.fatal()).isEmpty();
    assertThat(policy.failedWithin(Duration.ofDays(1))).isFalse();
  }

  static Stream<Throwable> permanent() {
    return Stream.of(
        new RegistryException("refused", null, false),
        new RecordTooLargeException("large"),
        new InvalidRecordException("no key"),
        new InvalidTimestampException("tomorrow"),
        new InvalidTopicException("a b"));
  }

  @ParameterizedTest
  @MethodSource("permanent")
  void stopsWhereTryingAgainCannotHelp(Throwable failure) {
    assertThat(policy.handle(new StreamsException(failure)))
        .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    assertThat(policy.fatal()).contains(failure);
  }

  @Test
  void leavesItToTheCommandToSayWhy() {
    Logger logger = (Logger) LoggerFactory.getLogger(FailurePolicy.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      policy.handle(new StreamsException(new InvalidTopicException("a b")));

      assertThat(log.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
    } finally {
      logger.detachAppender(log);
    }
  }

  @Test
  void knowsWhetherSomethingFailedAMomentAgo() {
    assertThat(policy.failedWithin(Duration.ofSeconds(15))).isFalse();
    policy.handle(new RegistryException("away", null, true));
    clock.now = clock.now.plusSeconds(14);
    assertThat(policy.failedWithin(Duration.ofSeconds(15))).isTrue();
    clock.now = clock.now.plusSeconds(1);
    assertThat(policy.failedWithin(Duration.ofSeconds(15))).isFalse();
  }
}
