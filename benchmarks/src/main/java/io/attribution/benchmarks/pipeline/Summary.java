package io.attribution.benchmarks.pipeline;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Medians over rounds, and ratios that are taken round by round. */
final class Summary {
  private Summary() {}

  /** Of the runs of one subject; NaN where there is none. */
  static double median(
      List<ThroughputResult> runs, String subject, ToDoubleFunction<ThroughputResult> figure) {
    return median(runs.stream().filter(of(subject)).mapToDouble(figure).boxed().toList());
  }

  /** Records per second of one subject over another's in the same round; NaN without a pair. */
  static double ratio(List<ThroughputResult> runs, String subject, String other) {
    Map<Integer, Double> others =
        runs.stream()
            .filter(of(other))
            .collect(Collectors.toMap(ThroughputResult::round, ThroughputResult::recordsPerSecond));
    return median(
        runs.stream()
            .filter(of(subject))
            .filter(run -> others.containsKey(run.round()))
            .map(run -> run.recordsPerSecond() / others.getOrDefault(run.round(), Double.NaN))
            .toList());
  }

  private static Predicate<ThroughputResult> of(String subject) {
    return run -> run.subject().equals(subject);
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
