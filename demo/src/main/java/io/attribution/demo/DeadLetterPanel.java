package io.attribution.demo;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.ArrayList;
import java.util.List;

/** Bad records: how many, why, and that those beside them did not suffer. */
final class DeadLetterPanel {
  private static final int REASON_WIDTH = 16;
  private static final int COUNT_WIDTH = 6;

  private DeadLetterPanel() {}

  /**
   * @param reasons how many lines of reasons at most
   * @param width of the lines, which leave out what does not fit
   */
  static List<Line> lines(Scoreboard board, int reasons, int width) {
    List<Line> lines = new ArrayList<>();
    Reasons letters = board.deadLetters();
    Line heading = Line.of(Style.HEADING, "DEAD LETTERS");
    lines.add(
        letters.total() == 0
            ? heading.add("  none yet; bad records are coming on purpose")
            : heading
                .add("  " + Figures.counted(letters.total(), "record"))
                .add(", bad on purpose; ")
                .add(Figures.count(board.explainedNeighbours()))
                .add(" neighbours explained"));
    letters.latest(reasons).forEach(entry -> lines.add(line(entry, width)));
    return lines;
  }

  private static Line line(Reasons.Entry entry, int width) {
    String count = Figures.count(entry.count());
    Line line =
        Line.of(Style.YELLOW, entry.reason())
            .padTo(REASON_WIDTH)
            .add(" ".repeat(Math.max(0, COUNT_WIDTH - count.length())) + count + "  ")
            .add(entry.latest().detail());
    Line whole = line.add(Style.DIM, "  " + entry.latest().source());
    return whole.width() <= width ? whole : line;
  }
}
