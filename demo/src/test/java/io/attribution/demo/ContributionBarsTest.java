package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.terminal.Line;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContributionBarsTest {
  private static final List<String> FEATURES = List.of("a", "b", "c", "d");
  private static final float[] CONTRIBUTIONS = {0.5f, -4f, 0.25f, 2f};

  private final ContributionBars bars = new ContributionBars(FEATURES, "z", Optional.empty());

  @Test
  void putsTheStrongestFirstAndTheOthersTogether() {
    assertThat(bars.lines(CONTRIBUTIONS, 3, 27))
        .extracting(Line::plain)
        .containsExactly(
            "b          -4.000 ████│    ",
            "d          +2.000     │██  ",
            "2 others   +0.750     │▊   ");
  }

  @Test
  void namesAllWhereThereIsRoom() {
    assertThat(bars.lines(CONTRIBUTIONS, 9, 30))
        .extracting(line -> line.plain().substring(0, 1))
        .containsExactly("b", "d", "a", "c");
  }

  @Test
  void showsTheFeaturesOwnValues() {
    ContributionBars withRow =
        new ContributionBars(FEATURES, "z", Optional.of(new float[] {1, 17.5f, 0, -3}));

    assertThat(withRow.lines(CONTRIBUTIONS, 9, 40))
        .extracting(line -> line.plain().substring(0, 8).strip())
        .containsExactly("b = 17.5", "d = -3", "a = 1", "c = 0");
  }

  @Test
  void drawsNothingForARowThatMovesNothing() {
    assertThat(bars.lines(new float[4], 4, 30))
        .allSatisfy(line -> assertThat(line.plain()).doesNotContain("█", "▏"));
  }
}
