package io.attribution.stream.app;

import io.attribution.stream.logging.SparseLog;
import io.attribution.stream.registry.RegistryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what happens when a stream thread ends with an exception. While registry or brokers are
 * unreachable, threads are replaced for as long as it takes; without brokers they may fail with
 * exceptions that do not say so. A refused output makes its record a dead letter. Other faults get
 * a new thread a few times; a fault that persists, or that no retry can fix, stops the application
 * with its reason. No record is lost either way: uncommitted records are read again.
 */
public final class FailurePolicy implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FailurePolicy.class);
  private static final int MAX_RESTARTS = 5;
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final Clock clock;
  private final Duration pause;
  private final Supplier<Optional<String>> outage;
  private final BooleanSupplier learned;
  private final SparseLog waits = SparseLog.onceAMinute(LOG::warn);
  private final SparseLog refusals = SparseLog.onceAMinute(LOG::warn);
  private final Deque<Instant> restarts = new ArrayDeque<>();
  private volatile @Nullable Throwable fatal;
  private volatile @Nullable Instant lastFailure;

  /**
   * @param pause backoff before a new thread starts
   * @param outage of the brokers; empty where they answer
   * @param learned whether brokers refused outputs since the last call that the next try avoids
   */
  public FailurePolicy(
      Clock clock, Duration pause, Supplier<Optional<String>> outage, BooleanSupplier learned) {
    this.clock = clock;
    this.pause = pause;
    this.outage = outage;
    this.learned = learned;
  }

  /** The fault that stopped the application; empty when it was closed. */
  public Optional<Throwable> fatal() {
    return Optional.ofNullable(fatal);
  }

  /** Whether a stream thread failed within this time. */
  public boolean failedWithin(Duration time) {
    Instant last = lastFailure;
    return last != null && clock.instant().isBefore(last.plus(time));
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable failure) {
    Throwable cause = rootCause(failure);
    if (learned.getAsBoolean()) {
      // Progress: the record that was refused becomes a dead letter of the next thread.
      refusals.say("a stream thread is replaced, an output was refused: " + cause.getMessage());
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    lastFailure = clock.instant();
    Optional<String> outside = passing(failure);
    if (outside.isPresent()) {
      // The fault is outside and may last for hours: no stack trace.
      waits.say("a stream thread waits: " + outside.get());
      return pause()
          ? StreamThreadExceptionResponse.REPLACE_THREAD
          : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    if (!isPermanent(failure) && mayRestart()) {
      LOG.warn("a stream thread failed and is replaced: {}", cause.toString(), failure);
      return pause()
          ? StreamThreadExceptionResponse.REPLACE_THREAD
          : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    fatal = decisive(failure);
    if (isPermanent(failure)) {
      // The command ends with the reason, in one line.
      LOG.info("the application stops", failure);
    } else {
      LOG.error("the application stops: {}", cause.toString(), failure);
    }
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** What is to be waited for; empty where the fault is not outside, or no wait can help. */
  private Optional<String> passing(Throwable failure) {
    Optional<String> registry =
        causes(failure)
            .filter(cause -> cause instanceof RegistryException e && e.isRetriable())
            .map(cause -> String.valueOf(cause.getMessage()))
            .findFirst();
    return registry.isPresent() || isPermanent(failure) ? registry : outage.get();
  }

  private static boolean isPermanent(Throwable failure) {
    return causes(failure)
        .anyMatch(
            cause ->
                cause instanceof RegistryException
                    || cause instanceof AuthenticationException
                    || cause instanceof AuthorizationException
                    || cause instanceof MissingSourceTopicException
                    || cause instanceof RecordTooLargeException
                    || cause instanceof InvalidRecordException
                    || cause instanceof InvalidTimestampException
                    || cause instanceof InvalidTopicException
                    || cause instanceof InvalidConfigurationException
                    || cause instanceof InvalidReplicationFactorException
                    || cause instanceof LinkageError);
  }

  private synchronized boolean mayRestart() {
    Instant now = clock.instant();
    while (!restarts.isEmpty() && restarts.element().isBefore(now.minus(WINDOW))) {
      restarts.remove();
    }
    restarts.add(now);
    return restarts.size() <= MAX_RESTARTS;
  }

  private boolean pause() {
    try {
      Thread.sleep(pause.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The cause whose message says the most: that of a registry names its address. */
  private static Throwable decisive(Throwable failure) {
    return causes(failure)
        .filter(
            cause ->
                cause instanceof RegistryException
                    || cause instanceof AuthenticationException
                    || namesTopic(cause))
        .findFirst()
        .orElseGet(() -> rootCause(failure));
  }

  /** Kafka Streams names an internal topic, and the refusal of the broker below does not. */
  private static boolean namesTopic(Throwable cause) {
    return cause.getCause() instanceof AuthorizationException
        && !(cause.getCause() instanceof TopicAuthorizationException topics
            && !topics.unauthorizedTopics().isEmpty());
  }

  private static Throwable rootCause(Throwable failure) {
    return causes(failure).reduce(failure, (first, second) -> second);
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20);
  }
}
