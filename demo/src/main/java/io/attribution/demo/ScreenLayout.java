package io.attribution.demo;

import io.attribution.schema.ProjectedContribution;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import io.attribution.stream.terminal.Terminal.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The live view's frame: as many lines as the screen has rows, none wider than it is. */
final class ScreenLayout {
  private static final int MAX_BARS = 32;
  private static final int MIN_BARS = 3;
  private static final int PICTURE_HIGH = 8;

  /** Rows left for bars from which on empty lines separate all parts. */
  private static final int AIRY = 14;

  private static final int TITLE = 3;
  private static final int VERIFICATION = 1;
  private static final int ALERTS = 1;
  private static final int REASONS = Fault.values().length;
  private static final int DEAD_LETTERS = 1 + REASONS;
  private static final int FOOTER = 1;
  private static final int FIXED =
      TITLE + ExplanationPanel.HEAD + VERIFICATION + ALERTS + DEAD_LETTERS + FOOTER;
  private static final int MARGIN = 1;
  private static final int REASON_WIDTH = 16;
  private static final int COUNT_WIDTH = 6;

  private final ModelIdentity model;
  private final ExplanationPanel panel;
  private final String footer;

  /**
   * @param footer the last line
   */
  ScreenLayout(ModelIdentity model, ExplanationPanel panel, String footer) {
    this.model = model;
    this.panel = panel;
    this.footer = footer;
  }

  /**
   * @param shown the explanation to show
   */
  List<Line> lines(
      Scoreboard board,
      Streaming.Traffic traffic,
      Optional<ProjectedContribution> shown,
      Size size) {
    int width = size.columns() - 2 * MARGIN;
    int free = size.rows() - FIXED;
    int gaps = gaps(free);
    int bars = Math.max(MIN_BARS, Math.min(MAX_BARS, free - gaps));

    List<Line> lines = new ArrayList<>();
    lines.addAll(title(board, traffic, width));
    gap(lines, gaps >= 1);
    lines.addAll(explanation(shown, bars, width));
    gap(lines, gaps >= 3);
    lines.add(StatusLines.verification(board, model.tolerance(), width));
    lines.add(StatusLines.alerts(board));
    gap(lines, gaps >= 2);
    lines.addAll(padded(deadLetters(board, width), DEAD_LETTERS));
    gap(lines, gaps >= 4);
    lines.add(Line.of(Style.DIM, footer));
    return lines.stream()
        .limit(size.rows())
        .map(line -> Line.of(" ").add(line.cutTo(width)))
        .toList();
  }

  /** Empty lines between the parts, where they cost no bar or picture. */
  private static int gaps(int free) {
    if (free >= AIRY) {
      return 4;
    }
    return free >= PICTURE_HIGH + 1 ? 1 : 0;
  }

  private List<Line> title(Scoreboard board, Streaming.Traffic traffic, int width) {
    Line name =
        Line.of(Style.BOLD, "Attribution Streams")
            .add("  model %s %s: ".formatted(model.name(), model.version()))
            .add("%d features → %d, ".formatted(model.features(), model.outputs()))
            .add("engine " + model.engine());
    String clock = Figures.clock(board.elapsed());
    return List.of(
        name.padTo(width - clock.length()).add(clock),
        StatusLines.flow(board, traffic),
        StatusLines.latency(board).padTo(width / 2).add(StatusLines.progress(board, traffic)));
  }

  private List<Line> explanation(Optional<ProjectedContribution> shown, int bars, int width) {
    List<Line> lines =
        shown
            .map(explanation -> panel.lines("EXPLANATION", explanation, bars, width))
            .orElse(List.of(Line.of(Style.DIM, "waiting for the first explanation …")));
    return padded(lines, ExplanationPanel.HEAD + bars);
  }

  /** Bad records: how many, why, and that the records around them are explained all the same. */
  private static List<Line> deadLetters(Scoreboard board, int width) {
    List<Line> lines = new ArrayList<>();
    Line heading = Line.of(Style.HEADING, "DEAD LETTERS");
    lines.add(
        board.deadLetters() == 0
            ? heading.add("  none yet; the demo sends a few bad records on purpose")
            : heading
                .add("  " + Figures.counted(board.deadLetters(), "record"))
                .add(", bad on purpose; ")
                .add(Figures.counted(board.explainedNeighbours(), "neighbour"))
                .add(" explained"));
    board.latestReasons(REASONS).forEach(reason -> lines.add(line(reason, width)));
    return lines;
  }

  private static Line line(Scoreboard.Reason reason, int width) {
    String count = Figures.count(reason.count());
    Line line =
        Line.of(Style.YELLOW, reason.name())
            .padTo(REASON_WIDTH)
            .add(" ".repeat(Math.max(0, COUNT_WIDTH - count.length())) + count + "  ")
            .add(reason.latest().detail());
    Line whole = line.add(Style.DIM, "  " + reason.latest().source());
    return whole.width() <= width ? whole : line;
  }

  private static List<Line> padded(List<Line> lines, int count) {
    List<Line> padded = new ArrayList<>(lines);
    while (padded.size() < count) {
      padded.add(Line.EMPTY);
    }
    return padded;
  }

  private static void gap(List<Line> lines, boolean wanted) {
    if (wanted) {
      lines.add(Line.EMPTY);
    }
  }
}
