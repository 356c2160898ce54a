package io.attribution.topology;

import io.attribution.topology.RecordCheck.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Checks records and knows about how long that takes. One record in {@value #EVERY} is timed: two
 * clock readings for each would cost as much as decoding a short one.
 */
final class TimedCheck {
  private static final int EVERY = 32;

  private final RecordCheck check;
  private long seen;
  private long timedNanos;
  private long timed;
  private long reported;

  TimedCheck(RecordCheck check) {
    this.check = check;
  }

  Verdict check(byte @Nullable [] value) {
    if (seen++ % EVERY != 0) {
      return check.check(value);
    }
    long start = System.nanoTime();
    Verdict verdict = check.check(value);
    timedNanos += System.nanoTime() - start;
    timed++;
    return verdict;
  }

  /** Estimated time for the records since the last call, from all that were timed so far. */
  long takeNanos() {
    long records = seen - reported;
    reported = seen;
    return timed == 0 ? 0 : (long) ((double) timedNanos / timed * records);
  }
}
