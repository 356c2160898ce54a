package io.attribution.stream.monitoring;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** Records per second over the last seconds, from a count that only grows. Thread-safe. */
public final class ThroughputWindow {
  private static final Duration DEFAULT_LENGTH = Duration.ofSeconds(10);

  private final long lengthNanos;
  private final Deque<Reading> readings = new ArrayDeque<>();

  private record Reading(long nanos, long count) {}

  /** Ten seconds. */
  public ThroughputWindow() {
    this(DEFAULT_LENGTH);
  }

  public ThroughputWindow(Duration length) {
    this.lengthNanos = length.toNanos();
  }

  /** Notes the count; to be called at least once per second. */
  public synchronized void observe(long nanos, long count) {
    readings.addLast(new Reading(nanos, count));
    while (readings.size() > 2 && nanos - readings.getFirst().nanos() > lengthNanos) {
      readings.removeFirst();
    }
  }

  /** 0 before there are two readings. */
  public synchronized double perSecond() {
    if (readings.size() < 2) {
      return 0;
    }
    Reading first = readings.getFirst();
    Reading last = readings.getLast();
    double seconds = (last.nanos() - first.nanos()) / (double) TimeUnit.SECONDS.toNanos(1);
    return seconds <= 0 ? 0 : (last.count() - first.count()) / seconds;
  }
}
