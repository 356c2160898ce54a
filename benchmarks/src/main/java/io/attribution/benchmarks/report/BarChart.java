package io.attribution.benchmarks.report;

import java.util.List;

/**
 * Bars from zero, side by side in groups; the scale is linear, so that lengths can be compared.
 *
 * @param file its file name without the extension
 * @param title what it shows
 * @param unit of the values
 * @param series the names of the bars in each group
 * @param groups the bars
 */
public record BarChart(
    String file, String title, String unit, List<String> series, List<Group> groups) {

  public BarChart {
    series = List.copyOf(series);
    groups = List.copyOf(groups);
  }

  /**
   * Bars that belong together.
   *
   * @param label what they have in common
   * @param values one for each series, at least 0; NaN where nothing was measured
   */
  public record Group(String label, List<Double> values) {
    public Group {
      values = List.copyOf(values);
    }
  }

  double largest() {
    return groups.stream()
        .flatMap(group -> group.values().stream())
        .filter(Double::isFinite)
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(1);
  }
}
