package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Montgomery's 30 observations: mean 10 and deviation 1, and 11 for the last ten. */
class ControlChartTest {
  private static final JsonNode TABLES = Vectors.read("montgomery");
  private static final double[] VALUES = Vectors.doubles(TABLES.get("values"));

  @Test
  void cusumGivesTheTextbooksSums() {
    Cusum cusum = new Cusum(new Cusum.Settings(0.5, 5, Direction.BOTH));

    for (int i = 0; i < VALUES.length; i++) {
      cusum.observe(VALUES[i] - 10);

      assertThat(cusum.upper()).isCloseTo(TABLES.get("upper").get(i).asDouble(), within(1e-12));
      assertThat(cusum.lower()).isCloseTo(TABLES.get("lower").get(i).asDouble(), within(1e-12));
    }
  }

  /** Alarm at observation 29; the sum left 0 with observation 23. */
  @Test
  void cusumAlarmsWhereTheTextbookDoes() {
    Cusum cusum = new Cusum(new Cusum.Settings(0.5, 5, Direction.UP));

    assertThat(firstAlarm(cusum)).isEqualTo(29);
    assertThat(cusum.observe(0).since()).isEqualTo(7);
  }

  @Test
  void ewmaGivesTheTextbooksAveragesAndLimits() {
    Ewma ewma = new Ewma(new Ewma.Settings(0.1, 2.7, 0, Direction.UP));

    for (int i = 0; i < VALUES.length; i++) {
      Reading reading = ewma.observe(VALUES[i] - 10);

      assertThat(10 + reading.statistic())
          .isCloseTo(TABLES.get("ewma").get(i).asDouble(), within(1e-12));
      assertThat(reading.threshold())
          .isCloseTo(TABLES.get("halfWidths").get(i).asDouble(), within(1e-12));
    }
  }

  /**
   * Observation 29 is the first in the tables whose average, 10.647, is above its limit, 10.619.
   */
  @Test
  void ewmaAlarmsWhereTheTablesCross() {
    assertThat(firstAlarm(new Ewma(new Ewma.Settings(0.1, 2.7, 0, Direction.BOTH)))).isEqualTo(29);
  }

  @Test
  void ewmaJudgesTheChangeToHaveBegunWhenTheAverageCrossedZero() {
    Ewma ewma = new Ewma(new Ewma.Settings(0.2, 3, 0, Direction.UP));
    ewma.observe(-0.1);
    ewma.observe(4);
    ewma.observe(4);

    assertThat(ewma.observe(4).since()).isEqualTo(2);
  }

  @Test
  void anAllowanceWidensTheLimits() {
    Ewma.Settings strict = new Ewma.Settings(0.1, 2.7, 0, Direction.BOTH);
    Ewma.Settings lenient = new Ewma.Settings(0.1, 2.7, 0.25, Direction.BOTH);

    assertThat(new Ewma(lenient).observe(0).threshold())
        .isEqualTo(new Ewma(strict).observe(0).threshold() + 0.25);
  }

  @Test
  void cusumAlarmEndsSoonHoweverLongTheFaultLasted() {
    Cusum cusum = new Cusum(new Cusum.Settings(0.5, 5, Direction.UP));
    for (int i = 0; i < 100_000; i++) {
      cusum.observe(1e6);
    }

    for (int good = 0; good < 10; good++) {
      cusum.observe(0);
    }

    assertThat(cusum.observe(0).alarm()).isFalse();
  }

  @Test
  void chartsWatchOnlyTheSideThatCounts() {
    assertThat(new Cusum(new Cusum.Settings(0.5, 5, Direction.UP)).observe(-50).alarm()).isFalse();
    assertThat(new Cusum(new Cusum.Settings(0.5, 5, Direction.DOWN)).observe(-50).alarm()).isTrue();
    assertThat(new Cusum(new Cusum.Settings(0.5, 5, Direction.BOTH)).observe(-50).alarm()).isTrue();
    assertThat(new Ewma(new Ewma.Settings(0.1, 3, 0, Direction.UP)).observe(-50).alarm()).isFalse();
    assertThat(new Ewma(new Ewma.Settings(0.1, 3, 0, Direction.DOWN)).observe(-50).alarm())
        .isTrue();
  }

  /** Counted from 1, as the textbook does; 0 for none. */
  private static int firstAlarm(Detector detector) {
    for (int i = 0; i < VALUES.length; i++) {
      if (detector.observe(VALUES[i] - 10).alarm()) {
        return i + 1;
      }
    }
    return 0;
  }
}
