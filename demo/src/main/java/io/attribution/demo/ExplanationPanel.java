package io.attribution.demo;

import io.attribution.schema.Certificate;
import io.attribution.schema.ProjectedContribution;
import io.attribution.stream.live.Grid;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Shows one explanation: the embedding, its certificate, bars, and pictures where there are any.
 */
final class ExplanationPanel {
  /** Lines above the bars: heading, embedding, caption. */
  static final int HEAD = 3;

  /** Where lines scroll by, instead of a screen of known size. */
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
    this.pictures = Grid.of(example.bundle()).map(grid -> new Pictures(grid, coloured));
  }

  /**
   * @param bars how many lines of bars
   * @param width no line is wider
   */
  List<Line> lines(String heading, ProjectedContribution explanation, int bars, int width) {
    List<Line> lines = new ArrayList<>();
    lines.add(heading(heading, explanation));
    lines.add(embedding(explanation).add("   ").add(certificate(explanation.getCertificate())));
    lines.addAll(body(explanation, bars, width));
    return lines.stream().map(line -> line.cutTo(width)).toList();
  }

  /** For a log, or a terminal's history. */
  List<Line> printed(String heading, ProjectedContribution explanation) {
    return lines(heading, explanation, PRINTED_BARS, PRINTED_WIDTH);
  }

  private Line heading(String heading, ProjectedContribution explanation) {
    String record =
        row(explanation)
            .map(row -> "row " + row + example.label(row).map(l -> " (label " + l + ")").orElse(""))
            .orElse("record " + explanation.getRecordId());
    return Line.of(Style.HEADING, heading)
        .add("  " + record + " from " + TopicReader.origin(explanation.getSource()));
  }

  private Line embedding(ProjectedContribution explanation) {
    Line line = Line.EMPTY;
    List<Float> embedding = explanation.getEmbedding();
    for (int output = 0; output < embedding.size(); output++) {
      line =
          line.add(output == 0 ? "" : "  ")
              .add(outputs.get(output) + " = ")
              .add(Style.BOLD, Figures.plain(embedding.get(output)));
    }
    return line;
  }

  private static Line certificate(Certificate certificate) {
    String error = "relative error " + Figures.error(certificate.getRelativeError());
    return certificate.getExact()
        ? Line.of(Style.GREEN, "✓ exact").add(Style.DIM, ", " + error)
        : Line.of(Style.YELLOW, "✗ inexact, " + error);
  }

  private List<Line> body(ProjectedContribution explanation, int bars, int width) {
    Optional<float[]> row = row(explanation).map(example::row);
    List<Line> drawn =
        row.flatMap(
                values -> pictures.map(p -> p.lines(values, magnitudes(explanation), bars, width)))
            .orElse(List.of());
    if (drawn.isEmpty()) {
      return bars(explanation, row, bars, width);
    }
    int column = width - drawn.stream().mapToInt(Line::width).max().orElse(0);
    return Pictures.beside(
        bars(explanation, Optional.empty(), bars, column - Pictures.GAP), drawn, column);
  }

  private List<Line> bars(
      ProjectedContribution explanation, Optional<float[]> row, int bars, int width) {
    List<Float> embedding = explanation.getEmbedding();
    int output = strongest(embedding);
    ContributionBars chart = new ContributionBars(features, outputs.get(output), row);
    List<Line> lines = new ArrayList<>();
    lines.add(chart.caption(embedding.get(output)));
    lines.addAll(chart.lines(contributions(explanation, output), bars, width));
    return lines;
  }

  /** The output with the largest magnitude: the one with most to explain. */
  private static int strongest(List<Float> embedding) {
    return IntStream.range(0, embedding.size())
        .reduce(0, (a, b) -> Math.abs(embedding.get(b)) > Math.abs(embedding.get(a)) ? b : a);
  }

  /** The contributions to one output, D values. */
  private static float[] contributions(ProjectedContribution explanation, int output) {
    List<Float> all = explanation.getContributions();
    float[] row = new float[explanation.getFeatures()];
    for (int feature = 0; feature < row.length; feature++) {
      row[feature] = all.get(output * row.length + feature);
    }
    return row;
  }

  /** How much each feature moved the embedding in any direction: the norm over the outputs. */
  private static double[] magnitudes(ProjectedContribution explanation) {
    double[] magnitudes = new double[explanation.getFeatures()];
    for (int output = 0; output < explanation.getOutputs(); output++) {
      float[] row = contributions(explanation, output);
      for (int feature = 0; feature < row.length; feature++) {
        magnitudes[feature] = Math.hypot(magnitudes[feature], row[feature]);
      }
    }
    return magnitudes;
  }

  /** Which row of the example a record was made of; empty for records from elsewhere. */
  private Optional<Integer> row(ProjectedContribution explanation) {
    try {
      return Optional.of(Integer.parseInt(explanation.getRecordId()))
          .filter(row -> row >= 0 && row < example.size());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
