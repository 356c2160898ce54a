package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PageHinkleyTest {

  static List<JsonNode> river() {
    return Vectors.cases("page_hinkley");
  }

  @ParameterizedTest
  @MethodSource("river")
  void findsTheChangesThatRiverFinds(JsonNode vector) {
    PageHinkley test = new PageHinkley(settings(vector));
    double[] values = Vectors.stream(vector);

    List<Integer> changes = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (test.observe(values[i]).alarm()) {
        changes.add(i);
      }
    }

    assertThat(changes).isEqualTo(Vectors.integers(vector.get("changes")));
  }

  private static PageHinkley.Settings settings(JsonNode vector) {
    return new PageHinkley.Settings(
        vector.get("delta").asDouble(),
        vector.get("threshold").asDouble(),
        vector.get("alpha").asDouble(),
        vector.get("minimum").asInt(),
        0,
        Direction.valueOf(vector.get("mode").asText().toUpperCase(Locale.ROOT)));
  }

  @Test
  void judgesTheChangeToHaveBegunWhereTheSumTurned() {
    PageHinkley test = new PageHinkley(new PageHinkley.Settings(0.5, 10, 1, 5, 0, Direction.UP));
    for (int i = 0; i < 100; i++) {
      test.observe(0);
    }

    long after = 0;
    Reading reading = test.observe(3);
    while (!reading.alarm() && after < 20) {
      reading = test.observe(3);
      after++;
    }

    assertThat(reading.alarm()).isTrue();
    assertThat(reading.since()).isEqualTo(after);
  }

  @Test
  void aBaselineCountsAsObservationsAtZeroUntilTheFirstAlarm() {
    PageHinkley test = new PageHinkley(new PageHinkley.Settings(0.5, 10, 1, 5, 50, Direction.UP));

    assertThat(alarmsAmong(test, 30, 3)).isEqualTo(1);
  }

  /** The mean follows at once where nothing is known; the level is then normal. */
  @Test
  void withoutABaselineTheFirstLevelIsNormal() {
    PageHinkley test = new PageHinkley(new PageHinkley.Settings(0.5, 10, 1, 5, 0, Direction.UP));

    assertThat(alarmsAmong(test, 30, 3)).isZero();
  }

  private static int alarmsAmong(Detector detector, int observations, double value) {
    int alarms = 0;
    for (int i = 0; i < observations; i++) {
      alarms += detector.observe(value).alarm() ? 1 : 0;
    }
    return alarms;
  }
}
