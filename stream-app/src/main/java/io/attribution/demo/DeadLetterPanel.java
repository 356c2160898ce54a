package io.attribution.demo;

import io.attribution.terminal.Line;
import io.attribution.terminal.Style;
import java.util.ArrayList;
import java.util.List;

/** Bad records: how many, why, and that those beside them did not suffer. */
final class DeadLetterPanel {
  private static final int REASON_WIDTH = 16;
  private static final int COUNT_WIDTH = 6;
  private static final int POSITION_WIDTH = 16;

  private DeadLetterPanel() {}

  /**
   * @param reasons how many lines of reasons at most
   */
  static List<Line> lines(Scoreboard board, int reasons) {
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
                .add(" neighbours of theirs were explained"));
    letters.latest(reasons).forEach(entry -> lines.add(line(entry)));
    return lines;
  }

  private static Line line(Reasons.Entry entry) {
    String count = Figures.count(entry.count());
    return Line.of(Style.YELLOW, entry.reason())
        .padTo(REASON_WIDTH)
        .add(" ".repeat(Math.max(0, COUNT_WIDTH - count.length())) + count + "  ")
        .add(Line.of(Style.DIM, entry.latest().source().toString()).padTo(POSITION_WIDTH))
        .add("  " + entry.latest().detail());
  }
}
