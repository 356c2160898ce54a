package io.attribution.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Cells under a heading.
 *
 * @param title what it shows
 * @param columns the heading; the first column is text, the others are numbers
 * @param rows as many cells each as there are columns
 */
public record Table(String title, List<String> columns, List<List<String>> rows) {

  public Table {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(row + " are not " + columns.size() + " cells");
      }
    }
  }

  /** As Markdown, with its title in bold. */
  public String markdown() {
    String alignment =
        "|---|" + columns.stream().skip(1).map(c -> "---:|").collect(Collectors.joining());
    String body = rows.stream().map(Table::line).collect(Collectors.joining());
    return "**" + title + "**\n\n" + line(columns) + alignment + "\n" + body;
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
