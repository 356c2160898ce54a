package io.attribution.demo;

import io.attribution.schema.DriftAlert;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The result of a run: whether every record came out once, and what was measured. */
final class RunSummary {
  private static final int NAME_WIDTH = 19;

  private final Run run;
  private final Tally tally;
  private final Scoreboard board;
  private final List<String> problems;

  /**
   * What was done.
   *
   * @param sent records
   * @param bad how many of them were bad on purpose
   * @param took from the first record sent to the last outcome read
   * @param injected what was broken on purpose
   */
  record Run(long sent, long bad, Duration took, Optional<Injection> injected) {}

  /**
   * @param tally of the topics, read back from their beginning
   * @param board what was seen live
   */
  RunSummary(Run run, Tally tally, Scoreboard board) {
    this.run = run;
    this.tally = tally;
    this.board = board;
    this.problems = problems();
  }

  /**
   * Whether every record came out once, on every topic, the bad ones alone as dead letters, and the
   * alerts are those that should come.
   */
  boolean holds() {
    return problems.isEmpty();
  }

  private List<String> problems() {
    List<String> found = new ArrayList<>(tally.problems(run.sent()));
    require(found, "reduced", tally.reducedCount());
    require(found, "verified", tally.verification().count());
    if (tally.deadLetters() != run.bad()) {
      found.add(
          "%s bad on purpose, but %s"
              .formatted(
                  Figures.counted(run.bad(), "record"),
                  Figures.counted(tally.deadLetters(), "dead letter")));
    }
    found.addAll(Injection.problems(tally.alerts(), run.injected()));
    return found;
  }

  private void require(List<String> found, String what, long count) {
    if (count != tally.projected()) {
      found.add(
          "%s projected, but %s %s"
              .formatted(Figures.counted(tally.projected(), "record"), Figures.count(count), what));
    }
  }

  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    lines.add(Line.of(Style.BOLD, tally.equation()));
    lines.add(
        holds()
            ? Line.of(
                Style.GREEN, "  ✓ read back from the topics: every record came out exactly once")
            : Line.of(Style.RED, "  ✗ read back from the topics, the run has problems:"));
    problems.forEach(problem -> lines.add(Line.of(Style.RED, "    " + problem)));
    lines.addAll(figures());
    lines.addAll(alerts());
    return lines;
  }

  private List<Line> figures() {
    List<Line> lines = new ArrayList<>();
    lines.add(
        figure(
            "other topics",
            "%s reduced; %s verified in %s"
                .formatted(
                    Figures.count(tally.reducedCount()),
                    Figures.count(tally.verification().count()),
                    Figures.counted(tally.metrics(), "metric"))));
    lines.add(
        figure(
            "relative error",
            "%s over all records, worst single record %s"
                .formatted(
                    Figures.error(tally.verification().relativeError()),
                    Figures.error(tally.worstRelativeError()))));
    lines.add(figure("throughput", throughput()));
    lines.add(figure("latency", latency()));
    board
        .firstAfter()
        .map(first -> Figures.seconds(first) + " after the start")
        .ifPresent(after -> lines.add(figure("first explanation", after)));
    return lines;
  }

  private String throughput() {
    double seconds = Math.max(1e-3, run.took().toNanos() / 1e9);
    return "%s (%s in %s)"
        .formatted(
            Figures.perSecond(tally.inputs() / seconds),
            Figures.counted(tally.inputs(), "record"),
            Figures.seconds(run.took()));
  }

  private String latency() {
    Latencies latencies = board.latencies();
    return latencies.isEmpty()
        ? "no record was explained"
        : "p50 %s, p99 %s, from record sent to explanation read"
            .formatted(
                Figures.latency(latencies.quantile(0.5)),
                Figures.latency(latencies.quantile(0.99)));
  }

  /** Each once, in the order they came, with how often. */
  private List<Line> alerts() {
    Map<String, Integer> seen = new LinkedHashMap<>();
    tally.alerts().forEach(alert -> seen.merge(brief(alert), 1, Integer::sum));
    List<Line> lines = new ArrayList<>();
    seen.forEach(
        (alert, times) ->
            lines.add(
                figure(
                    lines.isEmpty() ? "alerts" : "", times == 1 ? alert : alert + " ×" + times)));
    return lines.isEmpty() ? List.of(figure("alerts", "none")) : lines;
  }

  /** Without the message, which was shown when the alert came. */
  private static String brief(DriftAlert alert) {
    String cause =
        Optional.ofNullable(alert.getProbableCause()).map(known -> ", cause " + known).orElse("");
    return Injection.isOpen(alert)
        ? alert.getKind() + " open, " + alert.getSeverity() + cause
        : alert.getKind() + " resolved";
  }

  private static Line figure(String name, String text) {
    return Line.of("  ").add(Line.of(Style.DIM, name).padTo(NAME_WIDTH)).add(text);
  }
}
