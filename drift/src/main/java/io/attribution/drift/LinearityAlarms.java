package io.attribution.drift;

import io.attribution.drift.detector.CusumDetector;
import io.attribution.drift.detector.Reading;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The alarms that a batch's linearity error can raise, with their messages.
 *
 * @param model that explained the batch
 * @param tolerance largest relative error that counts as exact
 */
record LinearityAlarms(ModelKey model, double tolerance) {
  /** A healthy encoder's share is about one in 10,000: rows whose outputs cancel. */
  private static final double LARGEST_SHARE_OF_INEXACT = 0.5;

  private static final int FEWEST_ROWS_FOR_SHARE = 8;

  /**
   * Explanations do not add up: the error is beyond the tolerance, or most rows' own errors are.
   *
   * @param error of the batch, relative to the model's usual outputs
   */
  Optional<Alarm> beyondTolerance(Observation batch, double error) {
    if (error > tolerance) {
      return Optional.of(aboveTolerance(batch, error));
    }
    return mostRowsAreInexact(batch) ? Optional.of(inexact(batch)) : Optional.empty();
  }

  /** Large outputs of another row, now or recently, must not hide that most rows are wrong. */
  private static boolean mostRowsAreInexact(Observation batch) {
    return batch.summary().count() >= FEWEST_ROWS_FOR_SHARE
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
        new Evidence("inexact_share", share(batch), LARGEST_SHARE_OF_INEXACT),
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
        new Evidence("threshold", error, tolerance),
        text(
            "explanations of %s do not add up: relative error %.1e, tolerance %.1e",
            model.label(), error, tolerance));
  }

  /**
   * The error grew below the tolerance.
   *
   * @param since event time, in milliseconds, at which the growth began
   */
  Alarm grown(Observation batch, double error, long since, Reading reading) {
    return alarm(
        batch,
        Severity.WARNING,
        since,
        new Evidence(CusumDetector.NAME, reading.statistic(), reading.threshold()),
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
        new Evidence("engine_check", error, tolerance),
        "the layers engine of " + model.label() + " was found wrong");
  }

  /**
   * @param detector name of the check, as published
   * @param threshold the limit that the statistic passed
   */
  private record Evidence(String detector, double statistic, double threshold) {}

  private static Alarm alarm(
      Observation batch, Severity severity, long since, Evidence evidence, String message) {
    return new Alarm(
        Kind.LINEARITY_ERROR,
        severity,
        since,
        batch.lastTimestamp(),
        evidence.detector(),
        evidence.statistic(),
        evidence.threshold(),
        Optional.of(batch.worst()),
        message,
        List.of());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
