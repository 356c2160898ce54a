package io.attribution.demo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A histogram of milliseconds, exact up to two minutes; longer latencies count as two minutes. */
final class Latencies {
  private static final int MAX_MILLIS = 120_000;

  private final long[] counts = new long[MAX_MILLIS + 1];
  private long total;

  void add(long millis) {
    counts[bucket(millis)]++;
    total++;
  }

  private void remove(long millis) {
    counts[bucket(millis)]--;
    total--;
  }

  /** A clock that was set back makes latencies negative. */
  private static int bucket(long millis) {
    return (int) Math.max(0, Math.min(MAX_MILLIS, millis));
  }

  boolean isEmpty() {
    return total == 0;
  }

  /**
   * The smallest latency that at least this share of the records does not exceed.
   *
   * @param share more than 0, at most 1
   */
  long quantile(double share) {
    long needed = (long) Math.ceil(share * total);
    long seen = 0;
    int millis = -1;
    while (seen < needed) {
      millis++;
      seen += counts[millis];
    }
    return Math.max(0, millis);
  }

  /** The latencies of the last seconds. */
  static final class Window {
    private final long widthMillis;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Latencies latencies = new Latencies();

    private record Sample(long atMillis, long latencyMillis) {}

    Window(Duration width) {
      this.widthMillis = width.toMillis();
    }

    /** Adds a latency; times do not decrease from call to call. */
    void add(long nowMillis, long latencyMillis) {
      samples.add(new Sample(nowMillis, latencyMillis));
      latencies.add(latencyMillis);
    }

    /** The latencies that are not older than the window. */
    Latencies at(long nowMillis) {
      while (!samples.isEmpty() && samples.element().atMillis() < nowMillis - widthMillis) {
        latencies.remove(samples.remove().latencyMillis());
      }
      return latencies;
    }
  }
}
