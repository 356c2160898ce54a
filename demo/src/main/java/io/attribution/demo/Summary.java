package io.attribution.demo;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run came to. */
final class Summary {
  private final Balance balance;
  private final long badOnPurpose;
  private final Optional<Injection> injected;
  private final Tally tally;
  private final Scoreboard board;
  private final Duration took;

  /**
   * @param injected what was broken on purpose
   * @param tally of the topics, read from their beginning
   * @param board what was seen live
   * @param took from the first record sent to the last outcome read
   */
  Summary(
      Balance balance,
      long badOnPurpose,
      Optional<Injection> injected,
      Tally tally,
      Scoreboard board,
      Duration took) {
    this.injected = injected;
    this.balance = balance;
    this.badOnPurpose = badOnPurpose;
    this.tally = tally;
    this.board = board;
    this.took = took;
  }

  /** Whether every record came out once, on every topic, and the bad ones alone as dead letters. */
  boolean holds() {
    return problems().isEmpty();
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>(balance.problems());
    require(problems, "are reduced", tally.reducedCount());
    require(problems, "are in the verification metrics", tally.verification().count());
    if (balance.deadLetters() != badOnPurpose) {
      problems.add(
          Figures.count(badOnPurpose)
              + " records were bad on purpose, but there "
              + (balance.deadLetters() == 1 ? "is " : "are ")
              + Figures.counted(balance.deadLetters(), "dead letter"));
    }
    problems.addAll(AlertVerdict.problems(tally.alerts(), injected));
    return problems;
  }

  private void require(List<String> problems, String what, long count) {
    if (count != balance.projected()) {
      problems.add(
          Figures.counted(balance.projected(), "record")
              + " came out projected, but "
              + Figures.count(count)
              + " "
              + what);
    }
  }

  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    lines.add(Line.of(Style.BOLD, balance.equation()));
    lines.add(verdict());
    problems().forEach(problem -> lines.add(Line.of(Style.RED, "  " + problem)));
    lines.addAll(figures());
    lines.addAll(alerts());
    return lines;
  }

  private Line verdict() {
    return holds()
        ? Line.of(Style.GREEN, "  ✓ read back from the topics: every record came out exactly once")
        : Line.of(Style.RED, "  ✗ read back from the topics, this does not add up:");
  }

  private List<Line> figures() {
    List<Line> lines = new ArrayList<>();
    lines.add(
        figure(
            "also",
            Figures.count(tally.reducedCount())
                + " reduced; "
                + Figures.count(tally.verification().count())
                + " verified in "
                + Figures.counted(tally.metrics(), "metric")));
    lines.add(
        figure(
            "relative error",
            Figures.error(tally.verification().relativeError())
                + " over all records, worst single record "
                + Figures.error(tally.worstRelativeError())));
    lines.add(
        figure(
            "throughput",
            Figures.perSecond(balance.inputs() / Math.max(1e-3, took.toNanos() / 1e9))
                + " ("
                + Figures.seconds(took)
                + ")"));
    lines.add(figure("latency", latency()));
    board
        .firstAfter()
        .ifPresent(
            first ->
                lines.add(
                    figure("first explanation", Figures.seconds(first) + " after the start")));
    return lines;
  }

  /** Each once, in the order they came, with how often. */
  private List<Line> alerts() {
    Map<String, Integer> seen = new LinkedHashMap<>();
    tally.alerts().forEach(alert -> seen.merge(AlertVerdict.brief(alert), 1, Integer::sum));
    List<Line> lines = new ArrayList<>();
    seen.forEach(
        (alert, times) ->
            lines.add(
                figure(
                    lines.isEmpty() ? "alerts" : "", times == 1 ? alert : alert + " ×" + times)));
    return lines.isEmpty() ? List.of(figure("alerts", "none")) : lines;
  }

  private String latency() {
    LatencyHistogram latencies = board.latencies();
    return latencies.isEmpty()
        ? "nothing was explained"
        : "p50 "
            + Figures.latency(latencies.quantile(0.5))
            + ", p99 "
            + Figures.latency(latencies.quantile(0.99))
            + ", from record sent to explanation read";
  }

  private static Line figure(String name, String text) {
    return Line.of("  ").add(Line.of(Style.DIM, name).padTo(19)).add(text);
  }
}
