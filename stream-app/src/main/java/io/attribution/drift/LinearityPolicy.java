package io.attribution.drift;

import io.attribution.detector.Detector;
import io.attribution.detector.LogError;
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
 */
public record LinearityPolicy(
    double tolerance, LogError floor, Duration resolveAfter, Supplier<List<Detector>> detectors) {}
