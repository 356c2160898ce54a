package io.attribution.drift.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.attribution.drift.detector.Vectors;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against scipy and scikit-learn. */
class PublishedStatisticsTest {

  static List<JsonNode> samples() {
    return Vectors.cases("kolmogorov_smirnov");
  }

  static List<JsonNode> rankings() {
    return Vectors.cases("ranking");
  }

  static List<JsonNode> discoveries() {
    return Vectors.cases("false_discovery");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void kolmogorovSmirnovIsScipys(JsonNode vector) {
    KolmogorovSmirnov test =
        KolmogorovSmirnov.of(
            Vectors.doubles(vector.get("first")), Vectors.doubles(vector.get("second")));

    assertThat(test.statistic()).isCloseTo(vector.get("statistic").asDouble(), within(1e-15));
    assertThat(test.pValue())
        .isCloseTo(vector.get("pValue").asDouble(), Percentage.withPercentage(1e-8));
  }

  /** Where p is not exact it is nearly so, and on the side of no alarm. */
  @ParameterizedTest
  @MethodSource("largeSamples")
  void largeSamplesHaveNearlyScipysExactProbability(JsonNode vector) {
    KolmogorovSmirnov test =
        KolmogorovSmirnov.of(
            Vectors.doubles(vector.get("first")), Vectors.doubles(vector.get("second")));

    double exact = vector.get("exactPValue").asDouble();
    assertThat(test.pValue()).isBetween(exact, 1.1 * exact);
  }

  static List<JsonNode> largeSamples() {
    return samples().stream().filter(vector -> vector.has("exactPValue")).toList();
  }

  @ParameterizedTest
  @MethodSource("rankings")
  void rankingGainIsScikitLearns(JsonNode vector) {
    assertThat(
            RankingGain.ndcg(
                Vectors.doubles(vector.get("relevance")),
                Vectors.doubles(vector.get("scores")),
                vector.get("k").asInt()))
        .isCloseTo(vector.get("ndcg").asDouble(), within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("discoveries")
  void adjustedPValuesAreScipys(JsonNode vector) {
    assertThat(BenjaminiHochberg.adjusted(Vectors.doubles(vector.get("p"))))
        .containsExactly(Vectors.doubles(vector.get("adjusted")), within(1e-15));
  }
}
