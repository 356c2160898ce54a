package io.attribution.drift;

import io.attribution.drift.detector.Detector;
import io.attribution.drift.detector.LogError;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * When linearity error is an alarm.
 *
 * @param tolerance largest relative error that counts as exact
 * @param floor relative error that rounding alone may reach; whatever is below counts as this
 * @param resolveAfter how long nothing may be wrong before an alert is resolved, in event time
 * @param detectors makes new ones, to run on log10 of the error; beside them, an error above the
 *     tolerance always is an alarm
 * @param settings names all that the detectors' states depend on: what was saved under another name
 *     is not read again
 */
public record LinearityPolicy(
    double tolerance,
    LogError floor,
    Duration resolveAfter,
    Supplier<List<Detector>> detectors,
    String settings) {

  /** With detectors whose settings never change. */
  public LinearityPolicy(
      double tolerance, LogError floor, Duration resolveAfter, Supplier<List<Detector>> detectors) {
    this(tolerance, floor, resolveAfter, detectors, "");
  }
}
