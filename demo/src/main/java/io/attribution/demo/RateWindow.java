package io.attribution.demo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count grew over the last seconds. */
final class RateWindow {
  private final long widthNanos;
  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long atNanos, long count) {}

  RateWindow(Duration width) {
    this.widthNanos = width.toNanos();
  }

  /** Notes what the count is now, and tells how much it grew per second. */
  double observe(long nowNanos, long count) {
    samples.addLast(new Sample(nowNanos, count));
    while (samples.size() > 2 && nowNanos - samples.getFirst().atNanos() > widthNanos) {
      samples.removeFirst();
    }
    Sample first = samples.getFirst();
    double seconds = (nowNanos - first.atNanos()) / 1e9;
    return seconds > 0 ? (count - first.count()) / seconds : 0;
  }
}
