package io.attribution.stream.webhook;

import io.attribution.stream.logging.SparseLog;
import io.attribution.stream.webhook.DeliveryListener.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the alerts of one partition in order: the next one only after the delivery of the one
 * before has ended. Never blocks; for one thread.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final SparseLog UNSENDABLE = SparseLog.onceAMinute(LOG::error);

  /** Starts the delivery of an alert. */
  @FunctionalInterface
  interface Delivery {
    CompletableFuture<Reply> start(ConsumerRecord<byte[], byte[]> record);
  }

  private final Delivery delivery;
  private final RetrySchedule schedule;
  private final DeliveryListener listener;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
  private @Nullable CompletableFuture<Reply> inFlight;
  private int failures;
  private long firstAttempt;
  private long nextAttempt;
  private long done = -1;

  Lane(
      Delivery delivery,
      RetrySchedule schedule,
      DeliveryListener listener,
      LongSupplier nanos,
      RandomGenerator random) {
    this.delivery = delivery;
    this.schedule = schedule;
    this.listener = listener;
    this.nanos = nanos;
    this.random = random;
  }

  void add(Collection<ConsumerRecord<byte[], byte[]>> records) {
    waiting.addAll(records);
  }

  boolean isIdle() {
    return waiting.isEmpty();
  }

  boolean isInFlight() {
    return inFlight != null && !inFlight.isDone();
  }

  /** Takes a reply if it is there, and starts the next attempt if it is due. */
  void advance() {
    while (takeReply() && !waiting.isEmpty() && isDue()) {
      if (failures == 0) {
        firstAttempt = nanos.getAsLong();
      }
      inFlight = start(waiting.getFirst());
    }
  }

  /** A failure of one alert must not stop the thread that delivers the others. */
  private CompletableFuture<Reply> start(ConsumerRecord<byte[], byte[]> alert) {
    try {
      return delivery.start(alert);
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(new Reply.Unsendable(e.toString()));
    } catch (Error e) {
      return CompletableFuture.completedFuture(Reply.failed(e.toString()));
    }
  }

  private boolean isDue() {
    return failures == 0 || nanos.getAsLong() - nextAttempt >= 0;
  }

  /** False while a reply is pending. */
  boolean takeReply() {
    CompletableFuture<Reply> reply = inFlight;
    if (reply == null) {
      return true;
    }
    if (!reply.isDone()) {
      return false;
    }
    inFlight = null;
    handle(reply.join());
    return true;
  }

  private void handle(Reply reply) {
    if (reply instanceof Reply.Failed failed) {
      failed(failed);
    } else if (reply instanceof Reply.Refused refused) {
      LOG.error("alert {} dropped: the receiver refused it: {}", id(), refused.why());
      finish(Outcome.REFUSED);
    } else if (reply instanceof Reply.Unsendable unsendable) {
      UNSENDABLE.say("alert " + id() + " dropped: " + unsendable.why());
      finish(Outcome.REFUSED);
    } else {
      if (failures > 0) {
        LOG.info("alert {} delivered after {} failed attempts", id(), failures);
      }
      finish(Outcome.DELIVERED);
    }
  }

  private void failed(Reply.Failed failed) {
    failures++;
    Duration elapsed = Duration.ofNanos(nanos.getAsLong() - firstAttempt);
    Optional<Duration> backoff = schedule.backoff(failures, elapsed, failed.after(), random);
    if (backoff.isEmpty()) {
      LOG.error("alert {} dropped after {} attempts: {}", id(), failures, failed.why());
      finish(Outcome.GIVEN_UP);
      return;
    }
    if (failures == 1) {
      LOG.warn("alert {} not delivered, retrying: {}", id(), failed.why());
    }
    nextAttempt = nanos.getAsLong() + backoff.get().toNanos();
    listener.retried();
  }

  private void finish(Outcome outcome) {
    done = waiting.removeFirst().offset();
    failures = 0;
    listener.finished(outcome);
  }

  private String id() {
    ConsumerRecord<byte[], byte[]> record = waiting.getFirst();
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }

  /** The offset to resume from after a restart; empty before a delivery has ended. */
  OptionalLong committable() {
    return done < 0 ? OptionalLong.empty() : OptionalLong.of(done + 1);
  }

  /** Cancels the delivery in flight; the receiver may have got it nevertheless. */
  void abandon() {
    if (inFlight != null) {
      inFlight.cancel(true);
    }
  }
}
