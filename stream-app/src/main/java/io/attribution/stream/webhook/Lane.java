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
 * The alerts of one partition, delivered one after the other: an alert is tried until it is done
 * with, and only then comes the next. Never waits; for one thread.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final SparseLog UNSENDABLE = SparseLog.onceAMinute(LOG::error);

  /** How an alert becomes a request, and whom it is sent to. */
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
  private long firstTry;
  private long nextTry;
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

  /** Does what can be done now: takes a reply, starts a try. */
  void advance() {
    while (takeReply() && !waiting.isEmpty() && isDue()) {
      if (failures == 0) {
        firstTry = nanos.getAsLong();
      }
      inFlight = start(waiting.getFirst());
    }
  }

  /** Whatever goes wrong with one alert must not end the thread that brings the others. */
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
    return failures == 0 || nanos.getAsLong() - nextTry >= 0;
  }

  /** False while one is waited for. */
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
      LOG.error("alert {} is not delivered: the receiver refused it: {}", id(), refused.why());
      finish(Outcome.REFUSED);
    } else if (reply instanceof Reply.Unsendable unsendable) {
      UNSENDABLE.say("alert " + id() + " is not delivered: " + unsendable.why());
      finish(Outcome.REFUSED);
    } else {
      if (failures > 0) {
        LOG.info("alert {} is delivered, after {} failures", id(), failures);
      }
      finish(Outcome.DELIVERED);
    }
  }

  private void failed(Reply.Failed failed) {
    failures++;
    Duration elapsed = Duration.ofNanos(nanos.getAsLong() - firstTry);
    Optional<Duration> pause = schedule.pause(failures, elapsed, failed.after(), random);
    if (pause.isEmpty()) {
      LOG.error("alert {} is given up after {} tries: {}", id(), failures, failed.why());
      finish(Outcome.GIVEN_UP);
      return;
    }
    if (failures == 1) {
      LOG.warn("alert {} is not delivered yet and is tried again: {}", id(), failed.why());
    }
    nextTry = nanos.getAsLong() + pause.get().toNanos();
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

  /** The offset from which to go on after a restart; nothing before an alert is done with. */
  OptionalLong committable() {
    return done < 0 ? OptionalLong.empty() : OptionalLong.of(done + 1);
  }

  /** Gives up what is under way; the receiver may have it all the same. */
  void abandon() {
    if (inFlight != null) {
      inFlight.cancel(true);
    }
  }
}
