package io.attribution.demo;

/** Latencies in milliseconds, exact up to two minutes; longer ones count as two minutes. */
final class LatencyHistogram {
  private static final int MAX_MILLIS = 120_000;

  private final long[] counts = new long[MAX_MILLIS + 1];
  private long total;

  void add(long millis) {
    counts[bucket(millis)]++;
    total++;
  }

  /** Takes one back that was added. */
  void remove(long millis) {
    counts[bucket(millis)]--;
    total--;
  }

  /** Clocks that were set back give negative latencies. */
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
}
