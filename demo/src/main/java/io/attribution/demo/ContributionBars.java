package io.attribution.demo;

import io.attribution.engine.reduction.TopFeatures;
import io.attribution.stream.terminal.Bars;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What moved one output: the strongest features with signed bars, and one line for all others, so
 * that the figures add up to the output.
 */
final class ContributionBars {
  private static final int VALUE_WIDTH = 8;
  private static final int GAPS = 3;
  private static final int MAX_HALF = 30;
  private static final int MIN_HALF = 3;

  private final List<String> features;
  private final String output;
  private final Optional<float[]> row;

  /**
   * @param row the features' own values, to show as well; D values
   */
  ContributionBars(List<String> features, String output, Optional<float[]> row) {
    this.features = features;
    this.output = output;
    this.row = row;
  }

  /** A line of the chart. */
  private record Bar(String name, double value) {}

  /**
   * @param contributions one per feature
   * @param count how many lines
   * @param width no line is wider
   */
  List<Line> lines(float[] contributions, int count, int width) {
    List<Bar> bars = bars(contributions, Math.min(count, contributions.length));
    double scale = bars.stream().mapToDouble(bar -> Math.abs(bar.value())).max().orElse(1);
    int nameWidth = bars.stream().mapToInt(bar -> bar.name().length()).max().orElse(0);
    int free = (width - nameWidth - VALUE_WIDTH - GAPS) / 2;
    int half = Math.max(MIN_HALF, Math.min(MAX_HALF, free));
    return bars.stream()
        .map(bar -> line(bar, nameWidth, Math.max(scale, Double.MIN_NORMAL), half).cutTo(width))
        .toList();
  }

  private List<Bar> bars(float[] contributions, int count) {
    boolean all = count == contributions.length;
    int[] top = TopFeatures.indices(contributions, all ? count : count - 1);
    double others = 0;
    for (float contribution : contributions) {
      others += contribution;
    }
    List<Bar> bars = new ArrayList<>();
    for (int feature : top) {
      bars.add(new Bar(name(feature), contributions[feature]));
      others -= contributions[feature];
    }
    if (!all) {
      bars.add(new Bar((contributions.length - top.length) + " others", others));
    }
    return bars;
  }

  private String name(int feature) {
    String name = features.get(feature);
    return row.map(values -> name + " = " + Figures.exact(values[feature])).orElse(name);
  }

  private static Line line(Bar bar, int nameWidth, double scale, int half) {
    Style style = bar.value() < 0 ? Style.BLUE : Style.RED;
    String value = Figures.signed(bar.value());
    return Line.of(bar.name())
        .padTo(nameWidth + 1)
        .add(" ".repeat(Math.max(0, VALUE_WIDTH - value.length())) + value + " ")
        .add(style, Bars.signed(bar.value(), scale, half));
  }

  /** The line above the others. */
  Line caption(double value) {
    return Line.of(Style.DIM, "these add up to " + output + " = " + Figures.plain(value));
  }
}
