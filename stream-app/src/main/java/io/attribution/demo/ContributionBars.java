package io.attribution.demo;

import io.attribution.reduction.TopFeatures;
import io.attribution.terminal.Bars;
import io.attribution.terminal.Line;
import io.attribution.terminal.Style;
import java.util.ArrayList;
import java.util.List;

/**
 * What moved one output: the strongest features with signed bars, and the others together, so that
 * the figures add up to the output.
 */
final class ContributionBars {
  private static final int VALUE_WIDTH = 8;
  private static final int GAPS = 3;
  private static final int MAX_HALF = 30;
  private static final int MIN_HALF = 3;

  private final List<String> features;
  private final String output;

  ContributionBars(List<String> features, String output) {
    this.features = features;
    this.output = output;
  }

  private record Row(String name, double value) {}

  /**
   * @param contributions one per feature
   * @param count how many lines
   * @param width no line is wider
   */
  List<Line> lines(float[] contributions, int count, int width) {
    List<Row> rows = rows(contributions, Math.min(count, contributions.length));
    double scale = rows.stream().mapToDouble(row -> Math.abs(row.value())).max().orElse(1);
    int nameWidth = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    int room = (width - nameWidth - VALUE_WIDTH - GAPS) / 2;
    int half = Math.max(MIN_HALF, Math.min(MAX_HALF, room));
    return rows.stream()
        .map(row -> line(row, nameWidth, Math.max(scale, Double.MIN_NORMAL), half).cutTo(width))
        .toList();
  }

  private List<Row> rows(float[] contributions, int count) {
    boolean all = count == contributions.length;
    int[] top = TopFeatures.indices(contributions, all ? count : count - 1);
    double others = 0;
    for (float contribution : contributions) {
      others += contribution;
    }
    List<Row> rows = new ArrayList<>();
    for (int feature : top) {
      rows.add(new Row(features.get(feature), contributions[feature]));
      others -= contributions[feature];
    }
    if (!all) {
      rows.add(new Row((contributions.length - top.length) + " others", others));
    }
    return rows;
  }

  private static Line line(Row row, int nameWidth, double scale, int half) {
    Style style = row.value() < 0 ? Style.BLUE : Style.RED;
    String value = Figures.signed(row.value());
    return Line.of(row.name())
        .padTo(nameWidth + 1)
        .add(" ".repeat(Math.max(0, VALUE_WIDTH - value.length())) + value + " ")
        .add(style, Bars.signed(row.value(), scale, half));
  }

  /** What the lines add up to. */
  Line caption(double value) {
    return Line.of(Style.DIM, "what adds up to " + output + " = " + Figures.plain(value));
  }
}
