package io.attribution.benchmarks.pipeline;

import java.util.function.LongSupplier;

/** How many records should have been sent by now, and when each should have been. */
interface Demand {
  /** Records that should have been sent. */
  long due(long nowNanos);

  /** When record n (from 0) should be sent; never later than now for a record that is due. */
  long intendedNanos(long n, long nowNanos);

  /**
   * Open loop: so many per second whatever comes out, so that a subject that stands still finds all
   * the records waiting that a real source would have sent meanwhile.
   */
  record Steady(double recordsPerSecond, long startNanos) implements Demand {
    private static final double NANOS = 1e9;

    @Override
    public long due(long nowNanos) {
      return (long) ((nowNanos - startNanos) / NANOS * recordsPerSecond);
    }

    @Override
    public long intendedNanos(long n, long nowNanos) {
      return startNanos + (long) (n / recordsPerSecond * NANOS);
    }
  }

  /**
   * Closed loop: as many as the subject takes, with so many on their way.
   *
   * @param seen records that came out
   */
  record Saturating(LongSupplier seen, long onTheirWay) implements Demand {
    @Override
    public long due(long nowNanos) {
      return seen.getAsLong() + onTheirWay;
    }

    @Override
    public long intendedNanos(long n, long nowNanos) {
      return nowNanos;
    }
  }
}
