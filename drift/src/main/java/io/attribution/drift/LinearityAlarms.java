package io.attribution.drift;

import io.attribution.drift.detector.Reading;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What can be wrong with a batch's linearity, and the words for it.
 *
 * @param model that explained the batch
 * @param tolerance largest relative error that counts as exact
 */
record LinearityAlarms(ModelKey model, double tolerance) {
  /** Beside a healthy encoder's share of rows whose outputs cancel, about one in 10,000. */
  private static final double LARGEST_SHARE_OF_INEXACT = 0.5;

  private static final int FEWEST_ROWS_OF_A_SHARE = 8;

  /**
   * Explanations do not add up: the error is beyond the tolerance, or most rows' own errors are.
   *
   * @param error of the batch, relative to what the model usually puts out
   */
  Optional<Alarm> beyondTolerance(Observation batch, double error) {
    if (error > tolerance) {
      return Optional.of(aboveTolerance(batch, error));
    }
    return mostRowsAreInexact(batch) ? Optional.of(inexact(batch)) : Optional.empty();
  }

  /** A huge row beside them, now or lately, does not make wrong explanations right. */
  private static boolean mostRowsAreInexact(Observation batch) {
    return batch.summary().count() >= FEWEST_ROWS_OF_A_SHARE
        && share(batch) > LARGEST_SHARE_OF_INEXACT;
  }

  private static double share(Observation batch) {
    return (double) batch.inexact() / batch.summary().count();
  }

  private Alarm inexact(Observation batch) {
    return alarm(
        batch,
        Severity.CRITICAL,
        batch.firstTimestamp(),
        "inexact_share",
        share(batch),
        LARGEST_SHARE_OF_INEXACT,
        text(
            "explanations of %s do not add up: %d of %d records exceed the tolerance of %.1e, the"
                + " worst with %.1e",
            model.label(),
            batch.inexact(),
            batch.summary().count(),
            tolerance,
            batch.worstError()));
  }

  private Alarm aboveTolerance(Observation batch, double error) {
    return alarm(
        batch,
        Severity.CRITICAL,
        batch.firstTimestamp(),
        "threshold",
        error,
        tolerance,
        text(
            "explanations of %s do not add up: relative error %.1e, tolerance %.1e",
            model.label(), error, tolerance));
  }

  /**
   * The error grew below the tolerance.
   *
   * @param since event time, in milliseconds, at which it began to
   */
  Alarm grown(Observation batch, double error, long since, String detector, Reading reading) {
    return alarm(
        batch,
        Severity.WARNING,
        since,
        detector,
        reading.statistic(),
        reading.threshold(),
        text(
            "the linearity error of %s has grown to %.1e; explanations are still within the"
                + " tolerance of %.1e",
            model.label(), error, tolerance));
  }

  /** The guard of the compiled engine found it wrong. */
  Alarm engineReplaced(Observation batch, double error) {
    return alarm(
        batch,
        Severity.WARNING,
        batch.firstTimestamp(),
        "engine_check",
        error,
        tolerance,
        "the layers engine of " + model.label() + " was found wrong");
  }

  private static Alarm alarm(
      Observation batch,
      Severity severity,
      long since,
      String detector,
      double statistic,
      double threshold,
      String message) {
    return new Alarm(
        Kind.LINEARITY_ERROR,
        severity,
        since,
        batch.lastTimestamp(),
        detector,
        statistic,
        threshold,
        Optional.of(batch.worst()),
        message,
        List.of());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
