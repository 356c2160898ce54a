package io.attribution.benchmarks.detectors;

import io.attribution.benchmarks.report.Claim;
import io.attribution.benchmarks.report.Figures;
import io.attribution.benchmarks.report.Run;
import io.attribution.benchmarks.report.Section;
import io.attribution.benchmarks.report.Table;
import io.attribution.drift.detector.DetectorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the detectors' page says.
 *
 * @param healthy alarms in healthy streams
 * @param falseAlarms in noise above the floor
 * @param delays until planted shifts were found
 * @param notes what did not run
 */
record DetectorsSection(
    List<Counted.Healthy> healthy,
    List<Counted.False> falseAlarms,
    List<Delays> delays,
    List<String> notes) {

  DetectorsSection {
    healthy = List.copyOf(healthy);
    falseAlarms = List.copyOf(falseAlarms);
    delays = List.copyOf(delays);
    notes = List.copyOf(notes);
  }

  Section section(Run run) {
    return new Section(
        "detectors",
        "Detectors: false alarms and delays",
        run,
        List.of(claim()),
        List.of(healthyTable(), falseTable(), delayTable()),
        List.of(),
        allNotes());
  }

  private Claim claim() {
    List<Counted.Healthy> promised = healthy.stream().filter(h -> h.errors().isPromised()).toList();
    long batches = promised.stream().mapToLong(Counted.Healthy::batches).sum();
    return new Claim(
        "false alarms of four detectors, "
            + Figures.count(batches)
            + " batches of a healthy exact encoder",
        promised.stream().mapToLong(Counted.Healthy::withFloor).sum(),
        Claim.Bound.AT_MOST,
        0,
        "");
  }

  private Table healthyTable() {
    return new Table(
        "Healthy exact encoder in float32: alarms",
        List.of("errors", "batches", "detector", "with the floor of 1e-5", "without a floor"),
        healthy.stream().flatMap(h -> Stream.of(DetectorKind.values()).map(h::row)).toList());
  }

  private Table falseTable() {
    return new Table(
        "Noise above the floor, no shift: observations between false alarms",
        List.of("detector", "noise", "observations", "alarms", "one in", "asked for", ""),
        falseAlarms.stream().map(Counted.False::row).toList());
  }

  private Table delayTable() {
    return new Table(
        "Error multiplied after 1,000 batches: delay in batches",
        List.of(
            "detector",
            "factor",
            "median",
            "95 %",
            "found within 1,000",
            "beginning judged wrong by (median)",
            "streams with an alarm before"),
        delays.stream().map(d -> d.row(!d.who().startsWith("river"))).toList());
  }

  private List<String> allNotes() {
    List<String> all = new ArrayList<>(notes);
    all.add(
        "Healthy errors are simulated at the detectors' input, one number for a batch, within what"
            + " was measured of real batches (0.6 to 1.6e-6). Below the floor all become one number,"
            + " so that no detector can alarm: the table shows that nothing leaks, and what"
            + " happens without a floor.");
    all.add(
        "Batches of one row are outside the promise: their error is that of a row, which may reach"
            + " 1e-4 in health. Give a detector summaries of many rows, or a floor of 1e-4.");
    all.add(
        "Shifts and noise: log10 of the error is normal around -3 with deviation 0.2, so a factor of"
            + " 2 is 1.5 deviations. Every detector was asked for one false alarm in 10,000"
            + " observations and a factor of 2, upwards, with a baseline of the first 200.");
    all.add(
        "In the second table a detector starts anew after an alarm, with a new baseline where it is"
            + " learned, and every 20,000 observations there; the values it learns from do not count. *Not met*: more alarms than asked"
            + " for, beyond two deviations of such a count. The design assumes normal noise; Student's"
            + " t with 5 degrees shows what heavier tails cost.");
    all.add(
        "River's detectors see the same shift streams, and noise with the baseline known; they look"
            + " both ways (ADWIN) or up (Page-Hinkley), and do not say when a change began. Its"
            + " Page-Hinkley was given the thresholds of the known noise, and learns the mean from"
            + " the stream.");
    all.add(
        "Delay: batches after the first shifted one, 0 is that one. An alarm before the shift does"
            + " not count as found.");
    return all;
  }
}
