package io.attribution.drift;

import java.util.List;
import java.util.Optional;

/**
 * Something is wrong, as of one observation. Many alarms make one alert.
 *
 * @param since event time, in milliseconds, at which it is judged to have begun
 * @param at event time of the observation
 * @param detector who says so
 * @param statistic the detector's statistic
 * @param threshold what it was compared with
 * @param worst the input record that shows it best
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
}
