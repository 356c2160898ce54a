package io.attribution.demo;

import io.attribution.terminal.Line;
import io.attribution.terminal.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One explanation, for people. */
final class ExplanationPanel {
  /** Lines above the bars: heading, embedding, caption. */
  static final int HEAD = 3;

  private static final int GAP = 2;
  private static final int MIN_BARS_WIDTH = 36;

  /** Where the lines go by, not to a screen of known size. */
  private static final int PRINTED_BARS = 10;

  private static final int PRINTED_WIDTH = 79;

  private final Example example;
  private final List<String> features;
  private final List<String> outputs;
  private final Optional<PixelGrid> grid;
  private final boolean coloured;

  ExplanationPanel(Example example, boolean coloured) {
    this.example = example;
    this.features = example.bundle().features();
    this.outputs = example.bundle().outputs();
    this.grid = PixelGrid.of(features);
    this.coloured = coloured;
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
    String label =
        row(explanation).flatMap(example::label).map(text -> ", which is " + text).orElse("");
    return Line.of(Style.HEADING, heading)
        .add("  row " + explanation.recordId() + label + ", from " + explanation.source());
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
    Optional<List<Line>> pictures =
        grid.filter(pixels -> pixels.rows() <= bars).flatMap(p -> pictures(p, explanation));
    int picturesWidth = pictures.map(lines -> lines.get(0).width() + GAP).orElse(0);
    if (width - picturesWidth < MIN_BARS_WIDTH) {
      return barLines(explanation, bars, width);
    }
    List<Line> left = barLines(explanation, bars, width - picturesWidth);
    return pictures.map(lines -> beside(left, lines, width - picturesWidth + GAP)).orElse(left);
  }

  private List<Line> barLines(Explanation explanation, int bars, int width) {
    int output = explanation.strongestOutput();
    ContributionBars chart = new ContributionBars(features, outputs.get(output));
    List<Line> lines = new ArrayList<>();
    lines.add(chart.caption(explanation.embedding(output)));
    lines.addAll(chart.lines(explanation.contributions(output), bars, width));
    return lines;
  }

  private static List<Line> beside(List<Line> left, List<Line> right, int column) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      Line first = i < left.size() ? left.get(i) : Line.EMPTY;
      lines.add(i < right.size() ? first.padTo(column).add(right.get(i)) : first);
    }
    return lines;
  }

  /** The row beside what moved its embedding, with captions. */
  private Optional<List<Line>> pictures(PixelGrid pixels, Explanation explanation) {
    return row(explanation)
        .map(
            row -> {
              List<Line> lines = new ArrayList<>();
              lines.add(caption("the row", pixels).add(caption("|contribution|", pixels)));
              List<Line> image = pixels.draw(doubles(example.row(row)), Style::grey, coloured);
              List<Line> heat = pixels.draw(explanation.magnitudes(), Style::heat, coloured);
              lines.addAll(beside(image, heat, pixels.width() + GAP));
              return lines;
            });
  }

  private static Line caption(String text, PixelGrid pixels) {
    return Line.of(Style.DIM, text).padTo(pixels.width() + GAP);
  }

  private static double[] doubles(float[] row) {
    double[] values = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = Math.max(0, row[i]);
    }
    return values;
  }

  /** Which row of the example a record was made of. */
  private static Optional<Integer> row(Explanation explanation) {
    try {
      return Optional.of(Integer.parseInt(explanation.recordId()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
