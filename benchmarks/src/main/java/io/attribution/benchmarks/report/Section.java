package io.attribution.benchmarks.report;

import java.util.List;

/**
 * The results of one subcommand, as they are kept in JSON.
 *
 * @param name the subcommand, such as engine
 * @param title its heading
 * @param run where, when and how
 * @param claims the figures that are held to a limit
 * @param tables everything that was measured
 * @param charts the same as pictures
 * @param notes what a reader must know to read the numbers; Markdown, one item each
 */
public record Section(
    String name,
    String title,
    Run run,
    List<Claim> claims,
    List<Table> tables,
    List<BarChart> charts,
    List<String> notes) {

  public Section {
    claims = List.copyOf(claims);
    tables = List.copyOf(tables);
    charts = List.copyOf(charts);
    notes = List.copyOf(notes);
  }
}
