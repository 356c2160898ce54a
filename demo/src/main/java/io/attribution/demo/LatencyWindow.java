package io.attribution.demo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** The latencies of the last seconds. */
final class LatencyWindow {
  private final long widthMillis;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private final LatencyHistogram histogram = new LatencyHistogram();

  private record Sample(long atMillis, long latencyMillis) {}

  LatencyWindow(Duration width) {
    this.widthMillis = width.toMillis();
  }

  /** Adds a latency; times do not decrease from call to call. */
  void add(long nowMillis, long latencyMillis) {
    samples.add(new Sample(nowMillis, latencyMillis));
    histogram.add(latencyMillis);
  }

  /** The latencies that are not older than the window. */
  LatencyHistogram at(long nowMillis) {
    while (!samples.isEmpty() && samples.element().atMillis() < nowMillis - widthMillis) {
      histogram.remove(samples.remove().latencyMillis());
    }
    return histogram;
  }
}
