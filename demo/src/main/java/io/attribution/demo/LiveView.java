package io.attribution.demo;

import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import io.attribution.stream.terminal.Terminal.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lays the whole screen out: as many lines as it has rows, none wider than it is. */
final class LiveView {
  private static final int MAX_BARS = 32;
  private static final int MIN_BARS = 3;
  private static final int PICTURE_HIGH = 8;
  private static final int ROOMY = 14;
  private static final int TITLE = 3;
  private static final int VERIFICATION = 1;
  private static final int ALERTS = 1;
  private static final int DEAD_LETTERS = 1;
  private static final int FOOTER = 1;
  private static final int MARGIN = 1;

  private final ModelIdentity model;
  private final ExplanationPanel panel;
  private final String footer;

  /**
   * @param footer what to know besides
   */
  LiveView(ModelIdentity model, ExplanationPanel panel, String footer) {
    this.model = model;
    this.panel = panel;
    this.footer = footer;
  }

  /**
   * @param shown the explanation to show
   */
  List<Line> lines(Scoreboard board, Traffic traffic, Optional<Explanation> shown, Size size) {
    int width = size.columns() - 2 * MARGIN;
    int reasons = Fault.values().length;
    int free =
        size.rows()
            - (TITLE
                + ExplanationPanel.HEAD
                + VERIFICATION
                + ALERTS
                + DEAD_LETTERS
                + reasons
                + FOOTER);
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
    lines.addAll(padded(DeadLetterPanel.lines(board, reasons, width), DEAD_LETTERS + reasons));
    gap(lines, gaps >= 4);
    lines.add(Line.of(Style.DIM, footer));
    return lines.stream()
        .limit(size.rows())
        .map(line -> Line.of(" ").add(line.cutTo(width)))
        .toList();
  }

  /** Empty lines between the parts, where they take nothing away. */
  private static int gaps(int free) {
    if (free >= ROOMY) {
      return 4;
    }
    return free >= PICTURE_HIGH + 1 ? 1 : 0;
  }

  private List<Line> title(Scoreboard board, Traffic traffic, int width) {
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

  private List<Line> explanation(Optional<Explanation> shown, int bars, int width) {
    List<Line> lines =
        shown
            .map(explanation -> panel.lines("EXPLANATION", explanation, bars, width))
            .orElse(List.of(Line.of(Style.DIM, "waiting for the first explanation …")));
    return padded(lines, ExplanationPanel.HEAD + bars);
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
