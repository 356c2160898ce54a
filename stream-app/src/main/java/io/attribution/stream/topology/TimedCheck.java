package io.attribution.stream.topology;

import io.attribution.stream.models.RecordCheck;
import io.attribution.stream.models.RecordCheck.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Checks records and estimates how long that takes. Only one record in {@value #EVERY} is timed:
 * two clock readings per record could cost as much as decoding a short one. A slow timed record (a
 * registry call, a garbage collection) counts in full for itself and is capped in the estimate for
 * the others.
 */
final class TimedCheck {
  private static final int EVERY = 32;

  /** Weight of one timed record in the moving average of the typical time. */
  private static final double SHARE = 1.0 / 16;

  private static final double CAP = 4;

  private final RecordCheck check;
  private long seen;
  private long timedNanos;
  private long untimed;
  private double typicalNanos;

  TimedCheck(RecordCheck check) {
    this.check = check;
  }

  Verdict check(byte @Nullable [] value) {
    // The first record waits for the registry: it is timed, but does not count as typical.
    long number = seen++;
    if (number > 0 && number % EVERY != 1) {
      untimed++;
      return check.check(value);
    }
    long start = System.nanoTime();
    Verdict verdict = check.check(value);
    long nanos = System.nanoTime() - start;
    timedNanos += nanos;
    if (number > 0) {
      learn((double) nanos);
    }
    return verdict;
  }

  private void learn(double nanos) {
    typicalNanos =
        typicalNanos == 0
            ? nanos
            : typicalNanos + (Math.min(nanos, CAP * typicalNanos) - typicalNanos) * SHARE;
  }

  /** Time spent on the records since the last call: measured for some, estimated for the rest. */
  long takeNanos() {
    long nanos = timedNanos + Math.round((double) untimed * typicalNanos);
    timedNanos = 0;
    untimed = 0;
    return nanos;
  }
}
