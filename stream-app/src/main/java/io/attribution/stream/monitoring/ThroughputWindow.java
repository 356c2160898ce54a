package io.attribution.stream.monitoring;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** Records per second over the last seconds, from a count that only grows. Thread-safe. */
public final class ThroughputWindow {
  private static final long LENGTH_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Deque<Reading> readings = new ArrayDeque<>();

  private record Reading(long nanos, long count) {}

  /** Notes the count; to be called about once per second. */
  public synchronized void observe(long nanos, long count) {
    readings.addLast(new Reading(nanos, count));
    while (readings.size() > 2 && nanos - readings.getFirst().nanos() > LENGTH_NANOS) {
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
