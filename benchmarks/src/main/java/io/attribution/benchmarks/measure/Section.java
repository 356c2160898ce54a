package io.attribution.benchmarks.measure;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The results of one benchmark: {@code results/NAME.json}, and the blocks of that name on the
 * pages.
 *
 * @param claims the figures that are held to a limit
 * @param charts some of the figures as pictures
 * @param tables everything that was measured
 */
public record Section(
    String name, Run run, List<Claim> claims, List<Chart> charts, List<Table> tables) {
  public Section {
    claims = List.copyOf(claims);
    charts = charts.stream().filter(chart -> !chart.bars().isEmpty()).toList();
    tables = tables.stream().filter(table -> !table.rows().isEmpty()).toList();
  }

  /**
   * What somebody needs to repeat it.
   *
   * @param date in UTC, ISO 8601
   * @param command as typed
   * @param machine by property, such as processor
   * @param settings rounds, durations, threads, and what did not run
   */
  public record Run(
      String date, String command, Map<String, String> machine, Map<String, String> settings) {
    public Run {
      machine = new TreeMap<>(machine);
      settings = new TreeMap<>(settings);
    }

    static Run now(String command, Map<String, String> settings) {
      String date = Instant.now().truncatedTo(ChronoUnit.MINUTES).toString();
      return new Run(date, command, Machine.describe(), settings);
    }

    private String markdown() {
      Map<String, String> properties = new LinkedHashMap<>(Map.of("date", date));
      properties.putAll(machine);
      properties.putAll(settings);
      return "    %s\n\n| | |\n|---|---|\n%s"
          .formatted(
              command,
              properties.entrySet().stream()
                  .map(property -> line(List.of(property.getKey(), property.getValue())))
                  .collect(joining()));
    }
  }

  /** Which side of a limit is good. */
  public enum Bound {
    AT_LEAST("≥"),
    AT_MOST("≤"),
    BELOW("<");

    private final String sign;

    Bound(String sign) {
      this.sign = sign;
    }
  }

  /**
   * A figure that this project stands for, and what was measured.
   *
   * @param unit of the figure and its limit, such as ms; empty for a ratio
   */
  public record Claim(String figure, double measured, Bound bound, double limit, String unit) {

    /** A ratio. */
    public static Claim atLeast(String figure, double measured, double limit) {
      return new Claim(figure, measured, Bound.AT_LEAST, limit, "");
    }

    /** Whether the figure meets its limit; never for NaN. */
    boolean holds() {
      return switch (bound) {
        case AT_LEAST -> measured >= limit;
        case AT_MOST -> measured <= limit;
        case BELOW -> measured < limit;
      };
    }

    private String markdown() {
      return line(
          List.of(
              figure,
              bound.sign + " " + (Figures.of(limit) + " " + unit).strip(),
              (Figures.of(measured) + " " + unit).strip(),
              holds() ? "✓" : "✗"));
    }
  }

  /**
   * Bars from zero. One series only: Mermaid draws the bars of a second one over the first.
   *
   * @param bars values by label, in their order; NaN where nothing was measured
   */
  public record Chart(String title, String unit, Map<String, Double> bars) {
    public Chart {
      Map<String, Double> measured = new LinkedHashMap<>(bars);
      measured.values().removeIf(value -> value.isNaN());
      bars = measured;
    }

    private String markdown() {
      double largest = bars.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
      return """
      ```mermaid
      xychart-beta horizontal
          title "%s"
          x-axis [%s]
          y-axis "%s" 0 --> %s
          bar [%s]
      ```

      """
          .formatted(
              title,
              bars.keySet().stream().map(label -> '"' + label + '"').collect(joining(", ")),
              unit,
              Figures.plain(largest),
              bars.values().stream().map(Figures::plain).collect(joining(", ")));
    }
  }

  /**
   * Cells under a heading.
   *
   * @param columns the first is text, the others are numbers
   * @param rows of as many cells as there are columns
   */
  public record Table(String title, List<String> columns, List<List<String>> rows) {
    /**
     * @param columns separated by " | "
     */
    public static Table of(String title, String columns, List<List<String>> rows) {
      return new Table(title, List.of(columns.split(" \\| ", -1)), rows);
    }

    /** As Markdown, with its title in bold. */
    String markdown() {
      String alignment = "|---|" + "---:|".repeat(columns.size() - 1) + "\n";
      String body = rows.stream().map(Section::line).collect(joining());
      return "**" + title + "**\n\n" + line(columns) + alignment + body;
    }
  }

  /** A block of a page. */
  String markdown() {
    return run.markdown()
        + "\n"
        + charts.stream().map(Chart::markdown).collect(joining())
        + tables.stream().map(Table::markdown).collect(joining("\n"));
  }

  /** The claims of several sections in one table. */
  static String claims(Collection<Section> sections) {
    return "| figure | required | measured | |\n|---|---:|---:|---|\n"
        + sections.stream()
            .flatMap(section -> section.claims.stream())
            .map(Claim::markdown)
            .collect(joining());
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(joining(" | ", "| ", " |\n"));
  }
}
