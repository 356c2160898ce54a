package io.attribution.stream.topology;

import io.attribution.stream.models.RecordCheck;
import io.attribution.stream.models.RecordCheck.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Checks records and knows about how long that takes. One record in {@value #EVERY} is timed: two
 * clock readings for each could cost as much as decoding a short one. A timed record that took long
 * (the registry was asked, a collector ran) counts once, and hardly for those that were not timed.
 */
final class TimedCheck {
  private static final int EVERY = 32;

  /** One timed record moves the typical time by a share of the difference; outliers are capped. */
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
    // The first record waits for the registry's answer: it is timed, and not typical.
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

  /** Time for the records since the last call: measured for some, estimated for the others. */
  long takeNanos() {
    long nanos = timedNanos + Math.round((double) untimed * typicalNanos);
    timedNanos = 0;
    untimed = 0;
    return nanos;
  }
}
