package io.attribution.benchmarks.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Bars from zero, side by side in groups; the scale is linear, so that lengths can be compared. A
 * series without a single value is left out, of the legend too.
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
    List<Group> all = groups;
    List<Integer> measured =
        IntStream.range(0, series.size())
            .filter(i -> all.stream().anyMatch(group -> Double.isFinite(group.values().get(i))))
            .boxed()
            .toList();
    groups = all.stream().map(group -> group.only(measured)).toList();
    series = measured.stream().map(series::get).toList();
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

    private Group only(List<Integer> series) {
      return new Group(label, series.stream().map(values::get).toList());
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
