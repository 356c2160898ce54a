package io.attribution.benchmarks.drift;

import io.attribution.benchmarks.report.Figures;
import java.util.List;
import java.util.Optional;

/**
 * The alarms of one detector in the streams of a scenario.
 *
 * @param who the detector
 * @param windows that it saw of each stream
 * @param streams alarms in their order, for each stream that it saw
 */
record Alarms(String who, Scenario scenario, int windows, List<List<Named>> streams) {
  Alarms {
    streams = streams.stream().map(List::copyOf).toList();
  }

  /** Windows with an alarm before the shift, of all streams. */
  long falseWindows() {
    return streams.stream()
        .mapToLong(
            alarms ->
                alarms.stream()
                    .filter(alarm -> alarm.rows() <= scenario.shiftRow())
                    .map(alarm -> (alarm.rows() - 1) / scenario.window())
                    .distinct()
                    .count())
        .sum();
  }

  /** Windows with a false alarm, of all that it saw; such as 3 of 500. */
  String falseAlarms() {
    long seen = (long) windows * streams.size();
    return seen == 0 ? "" : Figures.count(falseWindows()) + " of " + Figures.count(seen);
  }

  /** The first alarm after the shift. */
  private Optional<Named> found(List<Named> alarms) {
    return alarms.stream().filter(alarm -> alarm.rows() > scenario.shiftRow()).findFirst();
  }

  /** Share of the streams whose shift was found. */
  double share() {
    return (double) streams.stream().filter(alarms -> found(alarms).isPresent()).count()
        / streams.size();
  }

  /** Median of the windows from the shift to the alarm, and the share that was found. */
  String delay() {
    if (streams.isEmpty()) {
      return "";
    }
    double[] delays =
        streams.stream()
            .flatMap(alarms -> found(alarms).stream())
            .mapToDouble(alarm -> (double) (alarm.rows() - scenario.shiftRow()) / scenario.window())
            .sorted()
            .toArray();
    return delays.length == 0
        ? "–"
        : Figures.of(delays[delays.length / 2]) + " (" + percent(share()) + ")";
  }

  /**
   * How often the feature that moved is named first where the shift was found, and how many others
   * are named.
   *
   * @param moved the feature that moved, for each stream
   */
  String naming(List<Integer> moved) {
    if (streams.isEmpty()) {
      return "";
    }
    long found = 0;
    long right = 0;
    long wrong = 0;
    for (int i = 0; i < streams.size(); i++) {
      int feature = moved.get(i);
      Optional<Named> first = found(streams.get(i));
      if (first.isPresent()) {
        List<Integer> named = named(streams.get(i), first.get());
        found++;
        right += named.get(0) == feature ? 1 : 0;
        wrong += named.stream().filter(k -> k != feature).count();
      }
    }
    return found == 0
        ? "–"
        : percent((double) right / found) + ", " + Figures.of((double) wrong / found);
  }

  /** All that is named in the window of the first alarm. */
  private List<Integer> named(List<Named> alarms, Named first) {
    return alarms.stream()
        .filter(alarm -> alarm.rows() >= first.rows() && window(alarm) == window(first))
        .flatMap(alarm -> alarm.features().stream())
        .distinct()
        .toList();
  }

  private int window(Named alarm) {
    return (alarm.rows() - 1 - scenario.shiftRow()) / scenario.window();
  }

  private static String percent(double share) {
    return Math.round(100 * share) + " %";
  }
}
