package io.attribution.drift;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Decides whether attributions or inputs of a window have drifted. Stateless. */
final class AttributionJudge {
  private static final int NAMED = 3;
  private static final int LISTED = 10;

  private final ModelKey model;
  private final List<String> names;
  private final AttributionPolicy policy;

  /**
   * @param names of the features, D
   */
  AttributionJudge(ModelKey model, List<String> names, AttributionPolicy policy) {
    this.model = model;
    this.names = names;
    this.policy = policy;
  }

  /**
   * The alarms of a window.
   *
   * @param at event time of its last row
   */
  record Verdict(Optional<Alarm> attribution, Optional<Alarm> input, long at) {}

  /**
   * @param reference complete
   * @param window one row or more
   */
  Verdict judge(Reference reference, RowWindow<SampleRow> window) {
    AttributionComparison comparison =
        AttributionComparison.of(reference, window, names, policy.falseAlarmRate());
    return new Verdict(
        attributionAlarm(comparison, reference, window),
        inputAlarm(comparison, reference, window),
        window.last().timestamp());
  }

  private Optional<Alarm> attributionAlarm(
      AttributionComparison comparison, Reference reference, RowWindow<SampleRow> window) {
    boolean otherRanking = comparison.rankingGain() < policy.minimumRankingGain();
    List<FeatureMove> moved = comparison.contributions();
    // A change of the ranking alone is no evidence: one row of a heavy tail can reverse it.
    if (moved.isEmpty()) {
      return Optional.empty();
    }
    String what =
        text(
            "attributions of %s moved, compared with %s: %s; nDCG of the ranking %.2f, %.0f %% of rows have"
                + " another top feature; %s",
            model.label(),
            reference.label(),
            named(moved),
            comparison.rankingGain(),
            100 * comparison.otherTop(),
            comparison.inputs().isEmpty()
                ? "no single input moved as clearly"
                : "inputs moved too: " + named(comparison.inputs()));
    return Optional.of(
        new Alarm(
            Kind.ATTRIBUTION,
            otherRanking ? Severity.CRITICAL : Severity.WARNING,
            window.first().timestamp(),
            window.last().timestamp(),
            otherRanking ? "ranking_gain" : "kolmogorov_smirnov",
            otherRanking ? comparison.rankingGain() : moved.get(0).statistic(),
            otherRanking ? policy.minimumRankingGain() : FeatureComparison.SMALLEST_DISTANCE,
            worst(moved, window),
            what,
            moved.stream().limit(LISTED).toList()));
  }

  private Optional<Alarm> inputAlarm(
      AttributionComparison comparison, Reference reference, RowWindow<SampleRow> window) {
    List<FeatureMove> moved = comparison.inputs();
    if (moved.isEmpty()) {
      return Optional.empty();
    }
    FeatureMove most = moved.get(0);
    return Optional.of(
        new Alarm(
            Kind.INPUT,
            Severity.WARNING,
            window.first().timestamp(),
            window.last().timestamp(),
            detector(most.sign()),
            most.statistic(),
            most.sign() == FeatureMove.Sign.INPUT ? FeatureComparison.SMALLEST_DISTANCE : 0,
            worst(moved, window),
            text(
                "inputs of %s moved, compared with %s: %s",
                model.label(), reference.label(), named(moved)),
            moved.stream().limit(LISTED).toList()));
  }

  private static String detector(FeatureMove.Sign sign) {
    return sign == FeatureMove.Sign.INPUT ? "kolmogorov_smirnov" : sign.label();
  }

  /** The row in which the feature that moved most is farthest from its mean in the reference. */
  private static Optional<Origin> worst(List<FeatureMove> moved, RowWindow<SampleRow> window) {
    FeatureMove most = moved.get(0);
    boolean contribution = most.sign() == FeatureMove.Sign.CONTRIBUTION;
    SampleRow worst = window.first();
    double farthest = -1;
    for (SampleRow row : window.rows()) {
      double value = contribution ? row.reduced(most.index()) : row.feature(most.index());
      double distance = Math.abs(value - most.referenceMean());
      if (distance > farthest) {
        farthest = distance;
        worst = row;
      }
    }
    return Optional.of(worst.origin());
  }

  private static String named(List<FeatureMove> moved) {
    List<FeatureMove> features = onePerFeature(moved);
    String more = features.size() > NAMED ? " and " + (features.size() - NAMED) + " more" : "";
    return features.stream()
            .limit(NAMED)
            .map(AttributionJudge::named)
            .collect(Collectors.joining(", "))
        + more;
  }

  /** The clearest move of each feature, in the order of the list. */
  private static List<FeatureMove> onePerFeature(List<FeatureMove> moved) {
    Map<Integer, FeatureMove> first = new LinkedHashMap<>();
    moved.forEach(move -> first.putIfAbsent(move.index(), move));
    return List.copyOf(first.values());
  }

  private static String named(FeatureMove move) {
    return text(
        "%s (mean %.3g, was %.3g)", move.feature(), move.currentMean(), move.referenceMean());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
