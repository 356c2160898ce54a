package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.List;
import org.junit.jupiter.api.Test;

class PixelGridTest {
  private static final List<String> PIXELS =
      List.of("pixel_0_0", "pixel_0_1", "pixel_0_2", "pixel_1_0", "pixel_1_1", "pixel_1_2");
  private static final double[] VALUES = {0, 1, 2, 3, 4, 0};

  @Test
  void drawsInShadesWithoutColours() {
    PixelGrid grid = PixelGrid.of(PIXELS).orElseThrow();

    assertThat(grid.draw(VALUES, Style::grey, false, 1))
        .extracting(Line::plain)
        .containsExactly("  ░░▒▒", "▓▓██  ");
  }

  @Test
  void drawsInColours() {
    PixelGrid grid = PixelGrid.of(PIXELS).orElseThrow();

    List<Line> lines = grid.draw(VALUES, Style::heat, true, 1);

    assertThat(lines).allMatch(line -> line.width() == grid.width(1));
    assertThat(lines.get(0).render(true)).startsWith("\u001b[48;5;16m  \u001b[0m");
    assertThat(lines.get(1).render(true)).contains("\u001b[48;5;230m  \u001b[0m");
  }

  @Test
  void growsInBothDirections() {
    PixelGrid grid = PixelGrid.of(PIXELS).orElseThrow();

    assertThat(grid.draw(VALUES, Style::grey, false, 2))
        .hasSize(4)
        .allMatch(line -> line.width() == grid.width(2));
  }

  @Test
  void isNotMadeOfOtherFeatures() {
    assertThat(PixelGrid.of(List.of("mean_radius", "mean_area"))).isEmpty();
    assertThat(PixelGrid.of(List.of("pixel_0_0", "pixel_1_1"))).isEmpty();
    assertThat(PixelGrid.of(List.of("age", "pixel_0_0"))).isEmpty();
  }

  @Test
  void isBlankForARowOfZeros() {
    PixelGrid grid = PixelGrid.of(PIXELS).orElseThrow();

    assertThat(grid.draw(new double[6], Style::grey, false, 1))
        .allSatisfy(line -> assertThat(line.plain()).isBlank());
  }
}
