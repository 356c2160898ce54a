package io.attribution.demo;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One explanation, for people. */
final class ExplanationPanel {
  /** Lines above the bars: heading, embedding, caption. */
  static final int HEAD = 3;

  /** Where the lines go by, not to a screen of known size. */
  private static final int PRINTED_BARS = 10;

  private static final int PRINTED_WIDTH = 79;

  private final Example example;
  private final List<String> features;
  private final List<String> outputs;
  private final Optional<Pictures> pictures;

  ExplanationPanel(Example example, boolean coloured) {
    this.example = example;
    this.features = example.bundle().features();
    this.outputs = example.bundle().outputs();
    this.pictures = PixelGrid.of(features).map(grid -> new Pictures(grid, coloured));
  }

  /**
   * @param bars how many lines of bars
   * @param width no line is wider
   */
  List<Line> lines(String heading, Explanation explanation, int bars, int width) {
    List<Line> lines = new ArrayList<>();
    lines.add(heading(heading, explanation));
    lines.add(embedding(explanation).add("   ").add(certificate(explanation)));
    lines.addAll(body(explanation, bars, width));
    return lines.stream().map(line -> line.cutTo(width)).toList();
  }

  /** For a log, or a terminal's history. */
  List<Line> printed(String heading, Explanation explanation) {
    return lines(heading, explanation, PRINTED_BARS, PRINTED_WIDTH);
  }

  private Line heading(String heading, Explanation explanation) {
    String record =
        row(explanation)
            .map(row -> "row " + row + example.label(row).map(l -> " (label " + l + ")").orElse(""))
            .orElse("record " + explanation.recordId());
    return Line.of(Style.HEADING, heading).add("  " + record + " from " + explanation.source());
  }

  private Line embedding(Explanation explanation) {
    Line line = Line.EMPTY;
    for (int output = 0; output < explanation.outputs(); output++) {
      line =
          line.add(output == 0 ? "" : "  ")
              .add(outputs.get(output) + " = ")
              .add(Style.BOLD, Figures.plain(explanation.embedding(output)));
    }
    return line;
  }

  private static Line certificate(Explanation explanation) {
    String error = "relative error " + Figures.error(explanation.relativeError());
    return explanation.isExact()
        ? Line.of(Style.GREEN, "✓ exact").add(Style.DIM, ", " + error)
        : Line.of(Style.YELLOW, "✗ not exact, " + error);
  }

  private List<Line> body(Explanation explanation, int bars, int width) {
    Optional<float[]> row = row(explanation).map(example::row);
    List<Line> drawn =
        row.flatMap(values -> pictures.map(p -> p.lines(values, explanation, bars, width)))
            .orElse(List.of());
    if (drawn.isEmpty()) {
      return bars(explanation, row, bars, width);
    }
    int column = width - drawn.stream().mapToInt(Line::width).max().orElse(0);
    return Pictures.beside(
        bars(explanation, Optional.empty(), bars, column - Pictures.GAP), drawn, column);
  }

  private List<Line> bars(Explanation explanation, Optional<float[]> row, int bars, int width) {
    int output = explanation.strongestOutput();
    ContributionBars chart = new ContributionBars(features, outputs.get(output), row);
    List<Line> lines = new ArrayList<>();
    lines.add(chart.caption(explanation.embedding(output)));
    lines.addAll(chart.lines(explanation.contributions(output), bars, width));
    return lines;
  }

  /** Which row of the example a record was made of; none for records of other people's. */
  private Optional<Integer> row(Explanation explanation) {
    try {
      return Optional.of(Integer.parseInt(explanation.recordId()))
          .filter(row -> row >= 0 && row < example.size());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
