package io.attribution.demo;

import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.terminal.Bars;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;

/** The figures of a moment, a line each. */
final class StatusLines {
  private static final int BAR = 20;

  private StatusLines() {}

  static Line flow(Scoreboard board, Traffic traffic) {
    return Line.of("in ")
        .add(Style.BOLD, Figures.count(traffic.sent()))
        .add(" (" + Figures.perSecond(traffic.sentPerSecond()) + ") → explained ")
        .add(Style.BOLD, Figures.count(board.explainedCount()))
        .add(" (" + Figures.perSecond(traffic.explainedPerSecond()) + ") + dead letters ")
        .add(Style.BOLD, Figures.count(board.deadLetters().total()));
  }

  static Line latency(Scoreboard board) {
    LatencyHistogram recent = board.recentLatencies();
    return recent.isEmpty()
        ? Line.of("latency -")
        : Line.of("latency p50 ")
            .add(Style.BOLD, Figures.latency(recent.quantile(0.5)))
            .add(", p99 ")
            .add(Style.BOLD, Figures.latency(recent.quantile(0.99)));
  }

  static Line progress(Scoreboard board, Traffic traffic) {
    if (traffic.planned().isEmpty()) {
      return Line.EMPTY;
    }
    double share = traffic.share(board.outcomes());
    return Line.of(Style.GREEN, Bars.progress(share, BAR))
        .add(" " + Math.round(Math.floor(100 * share)) + " % of ")
        .add(Figures.count(traffic.planned().getAsLong()));
  }

  static Line alerts(Scoreboard board) {
    return board
        .openAlert()
        .map(AlertVerdict::line)
        .orElse(Line.of(Style.HEADING, "ALERTS").add("  none open"));
  }

  static Line verification(Scoreboard board, double tolerance, int width) {
    Line heading = Line.of(Style.HEADING, "VERIFICATION").add("  ");
    VerificationSummary summary = board.verification();
    if (summary.count() == 0) {
      return heading.add("nothing yet");
    }
    boolean exact = board.worstRelativeError() <= tolerance;
    Line line =
        heading
            .add(exact ? Style.GREEN : Style.YELLOW, exact ? "✓" : "✗")
            .add(" relative error ")
            .add(Style.BOLD, Figures.error(summary.relativeError()))
            .add(", max error " + Figures.error(summary.maxError()))
            .add(" over " + Figures.counted(summary.count(), "record"));
    Line meaning = line.add(Style.DIM, "   f(e) against J(e)·e, what makes an explanation exact");
    return meaning.width() <= width ? meaning : line;
  }
}
