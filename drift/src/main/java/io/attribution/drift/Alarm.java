package io.attribution.drift;

import java.util.List;
import java.util.Optional;

/**
 * One observation that is out of bounds. Alarms in a row make one alert.
 *
 * @param since event time, in milliseconds, at which the change is judged to have begun
 * @param at event time of the observation
 * @param detector name of the check that raised it, as published
 * @param statistic the check's statistic
 * @param threshold the limit that the statistic passed
 * @param worst the input record that shows the problem best
 * @param message one sentence for the person on call
 * @param features the features that moved most, by decreasing statistic
 */
public record Alarm(
    Kind kind,
    Severity severity,
    long since,
    long at,
    String detector,
    double statistic,
    double threshold,
    Optional<Origin> worst,
    String message,
    List<FeatureMove> features) {
  public Alarm {
    features = List.copyOf(features);
  }

  Alarm withSince(long earlier) {
    return new Alarm(
        kind, severity, earlier, at, detector, statistic, threshold, worst, message, features);
  }

  Alarm withMessage(String other) {
    return new Alarm(
        kind, severity, since, at, detector, statistic, threshold, worst, other, features);
  }
}
