package io.attribution.cluster;

import io.attribution.cluster.ClusterTest.Outcome;
import io.attribution.cluster.check.Findings;
import io.attribution.cluster.check.Violation;
import io.attribution.cluster.fault.Recovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An outcome as Markdown, as docs/cluster-test.md shows it. */
final class OutcomeTable {
  private final List<String> lines = new ArrayList<>();

  private OutcomeTable() {}

  static String of(Outcome outcome) {
    OutcomeTable table = new OutcomeTable();
    table.recoveries(outcome.recoveries());
    table.findings(outcome.findings());
    table.logs(outcome);
    return String.join("\n", table.lines);
  }

  private void recoveries(List<Recovery> recoveries) {
    row("fault", "times", "disturbed, s", "advanced, s", "recovered, s", "at most, s", "revived");
    row("---", "---:", "---:", "---:", "---:", "---:", "---:");
    Map<String, List<Recovery>> byFault = new TreeMap<>();
    recoveries.forEach(r -> byFault.computeIfAbsent(r.fault(), f -> new ArrayList<>()).add(r));
    byFault.forEach(this::recovery);
    lines.add("");
  }

  private void recovery(String fault, List<Recovery> recoveries) {
    List<Duration> recovered = sorted(recoveries.stream().map(Recovery::recovered));
    row(
        fault,
        String.valueOf(recoveries.size()),
        seconds(median(sorted(recoveries.stream().map(Recovery::disturbed)))),
        seconds(median(sorted(recoveries.stream().map(Recovery::advanced)))),
        seconds(median(recovered)),
        seconds(recovered.get(recovered.size() - 1)),
        String.valueOf(recoveries.stream().mapToInt(Recovery::revived).sum()));
  }

  private static List<Duration> sorted(Stream<Duration> durations) {
    return durations.sorted().toList();
  }

  /** The middle one, or the larger of two in the middle. */
  private static Duration median(List<Duration> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1e3);
  }

  private void findings(Findings findings) {
    List<String> head = new ArrayList<>(List.of("topic", "expected", "read"));
    List<String> dashes = new ArrayList<>(List.of("---", "---:", "---:"));
    for (Violation violation : Violation.values()) {
      head.add(violation.label());
      dashes.add("---:");
    }
    row(head);
    row(dashes);
    findings.topics().forEach(this::topic);
    lines.add("");
    findings.topics().forEach(this::examples);
  }

  private void topic(Findings.Topic topic) {
    List<String> cells = new ArrayList<>();
    cells.add(topic.name());
    cells.add(String.valueOf(topic.expected()));
    cells.add(String.valueOf(topic.delivered()));
    for (Violation violation : Violation.values()) {
      cells.add(String.valueOf(topic.count(violation)));
    }
    row(cells);
  }

  private void examples(Findings.Topic topic) {
    topic
        .violations()
        .forEach(
            (violation, occurrences) ->
                lines.add(
                    "%s, %s, the first: %s"
                        .formatted(
                            topic.name(),
                            violation.label(),
                            String.join("; ", occurrences.first()))));
  }

  private void logs(Outcome outcome) {
    lines.add(
        "%d records, %d faults: lost %d, doubled %d, out of order %d."
            .formatted(
                outcome.records(),
                outcome.recoveries().size(),
                outcome.findings().count(Violation.LOST),
                outcome.findings().count(Violation.DOUBLED),
                outcome.findings().count(Violation.OUT_OF_ORDER)));
    outcome.failure().ifPresent(failure -> lines.add("Not recovered: " + failure + "."));
    lines.add("Log lines: " + outcome.logLines() + ".");
  }

  private void row(String... cells) {
    row(List.of(cells));
  }

  private void row(List<String> cells) {
    lines.add("| " + String.join(" | ", cells) + " |");
  }
}
