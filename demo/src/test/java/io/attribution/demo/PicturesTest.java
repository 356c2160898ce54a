package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.live.Grid;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.List;
import org.junit.jupiter.api.Test;

class PicturesTest {
  private static final Grid GRID = new Grid(2, 3);
  private static final double[] VALUES = {0, 1, 2, 3, 4, 0};

  @Test
  void drawsInShadesWithoutColours() {
    assertThat(new Pictures(GRID, false).draw(VALUES, Style::grey, 1))
        .extracting(Line::plain)
        .containsExactly("  ░░▒▒", "▓▓██  ");
  }

  @Test
  void drawsInColours() {
    List<Line> lines = new Pictures(GRID, true).draw(VALUES, Style::heat, 1);

    assertThat(lines).allMatch(line -> line.width() == 6);
    assertThat(lines.get(0).render(true)).startsWith("\u001b[48;5;16m  \u001b[0m");
    assertThat(lines.get(1).render(true)).contains("\u001b[48;5;230m  \u001b[0m");
  }

  @Test
  void growsInBothDirections() {
    assertThat(new Pictures(GRID, false).draw(VALUES, Style::grey, 2))
        .hasSize(4)
        .allMatch(line -> line.width() == 12);
  }

  @Test
  void isBlankForARowOfZeros() {
    assertThat(new Pictures(GRID, false).draw(new double[6], Style::grey, 1))
        .allSatisfy(line -> assertThat(line.plain()).isBlank());
  }
}
