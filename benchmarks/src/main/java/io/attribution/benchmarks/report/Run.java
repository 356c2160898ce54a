package io.attribution.benchmarks.report;

import java.util.Map;
import java.util.TreeMap;

/**
 * Where, when and how something was measured: what somebody needs to repeat it.
 *
 * @param date in UTC, ISO 8601
 * @param command as typed
 * @param machine by property, such as processor
 * @param settings rounds, durations, threads: how long it was looked at
 */
public record Run(
    String date, String command, Map<String, String> machine, Map<String, String> settings) {

  public Run {
    machine = new TreeMap<>(machine);
    settings = new TreeMap<>(settings);
  }
}
