package io.attribution.demo;

import io.attribution.engine.verification.VerificationSummary;
import io.attribution.schema.DriftAlert;
import io.attribution.stream.terminal.Bars;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.Optional;

/** The state of a moment, a line each. */
final class StatusLines {
  private static final int BAR = 20;

  private StatusLines() {}

  static Line flow(Scoreboard board, Streaming.Traffic traffic) {
    return Line.of("in ")
        .add(Style.BOLD, Figures.count(traffic.sent()))
        .add(" (" + Figures.perSecond(traffic.sentPerSecond()) + ") → explained ")
        .add(Style.BOLD, Figures.count(board.projected()))
        .add(" (" + Figures.perSecond(traffic.explainedPerSecond()) + ") + dead letters ")
        .add(Style.BOLD, Figures.count(board.deadLetters()));
  }

  static Line latency(Scoreboard board) {
    Latencies recent = board.recentLatencies();
    return recent.isEmpty()
        ? Line.of("latency -")
        : Line.of("latency p50 ")
            .add(Style.BOLD, Figures.latency(recent.quantile(0.5)))
            .add(", p99 ")
            .add(Style.BOLD, Figures.latency(recent.quantile(0.99)));
  }

  static Line progress(Scoreboard board, Streaming.Traffic traffic) {
    if (traffic.planned().isEmpty()) {
      return Line.EMPTY;
    }
    long planned = traffic.planned().getAsLong();
    double share = (double) board.outcomes() / planned;
    return Line.of(Style.GREEN, Bars.progress(share, BAR))
        .add(" " + Math.round(Math.floor(100 * share)) + " % of " + Figures.count(planned));
  }

  static Line alerts(Scoreboard board) {
    return board
        .openAlert()
        .map(StatusLines::alert)
        .orElse(Line.of(Style.HEADING, "ALERTS").add("  none open"));
  }

  static Line alert(DriftAlert alert) {
    boolean open = Injection.isOpen(alert);
    String cause =
        Optional.ofNullable(alert.getProbableCause())
            .map(known -> ", probable cause " + known)
            .orElse("");
    return Line.of(open ? Style.RED : Style.GREEN, "ALERT")
        .add("  ")
        .add(
            Style.BOLD,
            open ? alert.getSeverity() + " " + alert.getKind() + cause : alert.getKind())
        .add("  " + alert.getMessage());
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
    Line meaning = line.add(Style.DIM, "   f(e) = J(e)·e makes an explanation exact");
    return meaning.width() <= width ? meaning : line;
  }
}
