package io.attribution.benchmarks.drift;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.attribution.benchmarks.measure.Figures;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The alarms of one detector in the streams of a scenario.
 *
 * @param windows that the detector saw of each stream
 * @param streams alarms in their order, for each stream that it saw
 */
record Alarms(String detector, Scenario scenario, int windows, List<List<Alarm>> streams) {

  /**
   * @param rows of the stream that were seen until then
   * @param features that the alarm names, the clearest first
   */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"rows", "features"})
  record Alarm(int rows, List<Integer> features) {
    private int window(int from) {
      return (rows - 1 - from) / Scenario.WINDOW;
    }
  }

  /** Windows with an alarm before the shift, of all windows; such as 3 of 500. */
  String falseAlarms() {
    long wrong = streams.stream().mapToLong(this::falseAlarms).sum();
    long all = (long) windows * streams.size();
    return all == 0 ? "" : Figures.count(wrong) + " of " + Figures.count(all);
  }

  private long falseAlarms(List<Alarm> alarms) {
    return alarms.stream()
        .filter(alarm -> alarm.rows() <= scenario.shiftRow())
        .map(alarm -> alarm.window(0))
        .distinct()
        .count();
  }

  /** The first alarm after the shift. */
  private Optional<Alarm> found(List<Alarm> alarms) {
    return alarms.stream().filter(alarm -> alarm.rows() > scenario.shiftRow()).findFirst();
  }

  /** Median of the windows from the shift to the alarm, and the share of streams with one. */
  String delay() {
    double[] delays =
        streams.stream()
            .flatMap(alarms -> found(alarms).stream())
            .mapToDouble(alarm -> (double) (alarm.rows() - scenario.shiftRow()) / Scenario.WINDOW)
            .sorted()
            .toArray();
    return delays.length == 0
        ? streams.isEmpty() ? "" : "–"
        : "%s (%s)"
            .formatted(
                Figures.of(delays[delays.length / 2]),
                percent((double) delays.length / streams.size()));
  }

  /**
   * Where the shift was found: how often the feature that moved is named first, and how many others
   * are named on average.
   *
   * @param moved the feature that moved, for each stream
   */
  String naming(List<Integer> moved) {
    int[] found =
        IntStream.range(0, streams.size()).filter(i -> found(streams.get(i)).isPresent()).toArray();
    double right = 0;
    double wrong = 0;
    for (int i : found) {
      List<Integer> named = named(streams.get(i));
      right += named.get(0).equals(moved.get(i)) ? 1 : 0;
      wrong += named.stream().filter(feature -> !feature.equals(moved.get(i))).count();
    }
    return found.length == 0
        ? streams.isEmpty() ? "" : "–"
        : percent(right / found.length) + ", " + Figures.of(wrong / found.length);
  }

  /** Features that the alarms name in the window of the first one after the shift. */
  private List<Integer> named(List<Alarm> alarms) {
    int shift = scenario.shiftRow();
    Alarm first = found(alarms).orElseThrow();
    return alarms.stream()
        .filter(alarm -> alarm.rows() >= first.rows())
        .filter(alarm -> alarm.window(shift) == first.window(shift))
        .flatMap(alarm -> alarm.features().stream())
        .distinct()
        .toList();
  }

  private static String percent(double share) {
    return Math.round(100 * share) + " %";
  }
}
