package io.attribution.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page with all results, as Markdown. */
final class Page {
  private static final String HEAD =
      """
      # Benchmarks

      Measured, not promised: `./attribution bench` wrote this page, numbers and pictures. Every figure that is held to
      a limit is a ratio of two things that ran in turns on the same machine in the same run, or a time that the run's
      own clock took. How to repeat it: [benchmarks/README.md](%sbenchmarks/README.md).

      """;

  private static final String HEAD_APART =
      """
      Written by `./attribution bench %s`; how to repeat it: [benchmarks/README.md](%sbenchmarks/README.md).

      """;

  private Page() {}

  /** A page with one section. */
  static String apart(Section section, String root) {
    String head = "# " + section.title() + "\n\n" + HEAD_APART.formatted(section.name(), root);
    return head + claims(List.of(section)) + body(section);
  }

  /**
   * @param sections in the order of the page
   * @param root the relative path from the page to the repository's root, with its slash
   */
  static String markdown(List<Section> sections, String root) {
    return HEAD.formatted(root)
        + claims(sections)
        + sections.stream().map(Page::section).collect(Collectors.joining("\n"));
  }

  private static String claims(List<Section> sections) {
    String rows =
        sections.stream()
            .flatMap(section -> section.claims().stream())
            .map(Page::claim)
            .collect(Collectors.joining());
    return rows.isEmpty()
        ? ""
        : "| figure | required | measured | |\n|---|---:|---:|---|\n" + rows + "\n";
  }

  private static String claim(Claim claim) {
    return "| %s | %s | %s | %s |\n"
        .formatted(
            claim.figure(),
            claim.requirement(),
            Figures.withUnit(claim.measured(), claim.unit()),
            claim.holds() ? "✓" : "✗");
  }

  private static String section(Section section) {
    return "## " + section.title() + "\n\n" + body(section);
  }

  private static String body(Section section) {
    return run(section.run())
        + section.charts().stream().map(Page::chart).collect(Collectors.joining())
        + section.tables().stream().map(Table::markdown).collect(Collectors.joining("\n"))
        + notes(section.notes());
  }

  private static String run(Run run) {
    return "    "
        + run.command()
        + "\n\n| | |\n|---|---|\n"
        + property("date", run.date())
        + properties(run.machine())
        + properties(run.settings())
        + "\n";
  }

  private static String properties(Map<String, String> properties) {
    return properties.entrySet().stream()
        .map(entry -> property(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining());
  }

  private static String property(String name, String value) {
    return "| " + name + " | " + value + " |\n";
  }

  private static String chart(BarChart chart) {
    return "![" + chart.title() + "](" + chart.file() + ".svg)\n\n";
  }

  private static String notes(List<String> notes) {
    return notes.isEmpty()
        ? ""
        : "\n" + notes.stream().map(note -> "- " + note + "\n").collect(Collectors.joining());
  }
}
