package io.attribution.benchmarks.pipeline;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time of day by a clock that is never set back while the benchmark runs. */
final class WallClock {
  private static final long BASE_NANOS = System.nanoTime();

  // Once for the whole process is the point.
  @SuppressWarnings("TimeInStaticInitializer")
  private static final long BASE_MICROS = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

  private WallClock() {}

  /** Milliseconds since the epoch, rounded down: what a record's timestamp can say. */
  static long millis(long nanoTime) {
    return micros(nanoTime) / 1000;
  }

  /** Microseconds since the epoch. */
  static long micros(long nanoTime) {
    return BASE_MICROS + (nanoTime - BASE_NANOS) / 1000;
  }
}
