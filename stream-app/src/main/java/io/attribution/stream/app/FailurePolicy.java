package io.attribution.stream.app;

import io.attribution.stream.logging.SparseLog;
import io.attribution.stream.registry.RegistryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what happens when a stream thread ends with an exception. An unreachable registry is
 * retried for as long as it takes. Other faults get a new thread a few times; a fault that
 * persists, or that no retry can fix, stops the application with its reason. No record is lost
 * either way: uncommitted records are read again.
 */
public final class FailurePolicy implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FailurePolicy.class);
  private static final int MAX_RESTARTS = 5;
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final Clock clock;
  private final Duration pause;
  private final SparseLog waits = SparseLog.onceAMinute(LOG::warn);
  private final Deque<Instant> restarts = new ArrayDeque<>();
  private volatile @Nullable Throwable fatal;
  private volatile @Nullable Instant lastFailure;

  /**
   * @param pause backoff before a new thread starts
   */
  public FailurePolicy(Clock clock, Duration pause) {
    this.clock = clock;
    this.pause = pause;
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
    lastFailure = clock.instant();
    Throwable cause = rootCause(failure);
    if (isPassing(failure)) {
      // The fault is outside and may last for hours: no stack trace.
      waits.say("a stream thread waits: " + messageOfRegistry(failure));
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
    LOG.error("the application stops: {}", cause.toString(), failure);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private static String messageOfRegistry(Throwable failure) {
    return causes(failure)
        .filter(RegistryException.class::isInstance)
        .map(Throwable::getMessage)
        .findFirst()
        .orElse("");
  }

  private static boolean isPassing(Throwable failure) {
    return causes(failure)
        .anyMatch(cause -> cause instanceof RegistryException registry && registry.isRetriable());
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
