package io.attribution.benchmarks.pipeline;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.report.BarChart;
import io.attribution.benchmarks.report.Claim;
import io.attribution.benchmarks.report.Claim.Bound;
import io.attribution.benchmarks.report.Run;
import io.attribution.benchmarks.report.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/** What the pipeline's part of the page says. */
record PipelineSection(PipelineResults results) {
  private static final double OVER_PYTHON = 5;
  private static final double OF_PASSTHROUGH = 0.5;
  private static final double AT_LEAST_ONCE_MILLIS = 25;
  private static final double ABOVE_COMMIT_MILLIS = 30;
  private static final double GROWTH_PERCENT = 2;
  private static final int CLAIMED_LOAD = 50;
  private static final List<String> SUBJECTS = List.of("app", "watched", "python", "passthrough");

  Section section(Run run) {
    return new Section(
        "pipeline",
        "Pipeline: end to end on one broker",
        run,
        claims(),
        PipelineTables.of(results),
        charts(),
        notes());
  }

  private List<Claim> claims() {
    return Stream.of(ratioClaims(), latencyClaims(), soakClaims()).flatMap(c -> c).toList();
  }

  private Stream<Claim> ratioClaims() {
    return PipelineTables.groups(results.throughput()).stream()
        .flatMap(
            group -> {
              String label = PipelineTables.label(group.get(0));
              return Stream.of(
                      Claim.atLeast(
                          "end to end / Python consumer, records/s, " + label,
                          Summary.ratio(group, "app", "python"),
                          OVER_PYTHON),
                      Claim.atLeast(
                          "end to end / byte pass-through, records/s, " + label,
                          isBoundByKafka(group)
                              ? Summary.ratio(group, "app", "passthrough")
                              : Double.NaN,
                          OF_PASSTHROUGH))
                  .filter(claim -> !Double.isNaN(claim.measured()));
            });
  }

  /** A wide encoder's arithmetic takes many times what Kafka does for a record. */
  private static boolean isBoundByKafka(List<ThroughputResult> group) {
    return !group.get(0).model().equals(TestModel.Kind.wide.name());
  }

  /** A load that was measured several times is one claim: the median. */
  private Stream<Claim> latencyClaims() {
    return results.latency().stream()
        .filter(result -> result.subject().equals("app"))
        .filter(result -> result.loadPercent() == CLAIMED_LOAD)
        .collect(groupingBy(PipelineSection::promise, LinkedHashMap::new, toList()))
        .entrySet()
        .stream()
        .map(promise -> latencyClaim(promise.getKey(), promise.getValue()));
  }

  private static String promise(LatencyResult result) {
    return result.guarantee() == Guarantee.at_least_once
        ? "latency p99 at 50 % load, at least once, " + result.model()
        : "latency p99 at 50 %% load, exactly once, above its commit interval of %d ms, %s"
            .formatted(result.commitIntervalMillis(), result.model());
  }

  private static Claim latencyClaim(String promise, List<LatencyResult> phases) {
    boolean atLeastOnce = phases.get(0).guarantee() == Guarantee.at_least_once;
    Samples millis =
        new Samples(
            phases.stream()
                .map(phase -> phase.p99Millis() - (atLeastOnce ? 0 : phase.commitIntervalMillis()))
                .toList());
    return new Claim(
        phases.size() == 1 ? promise : promise + ", median of " + phases.size() + " phases",
        millis.median(),
        Bound.AT_MOST,
        atLeastOnce ? AT_LEAST_ONCE_MILLIS : ABOVE_COMMIT_MILLIS,
        "ms");
  }

  private Stream<Claim> soakClaims() {
    return results.soak().stream()
        .filter(result -> result.subject().equals("app"))
        .map(
            result ->
                new Claim(
                    "resident memory growth after warm-up, %,d records, %s, %s"
                        .formatted(result.records(), result.model(), result.guarantee()),
                    100 * result.growth(),
                    Bound.BELOW,
                    GROWTH_PERCENT,
                    "%"));
  }

  private List<BarChart> charts() {
    if (results.throughput().isEmpty()) {
      return List.of();
    }
    return results.throughput().stream()
        .map(ThroughputResult::model)
        .distinct()
        .map(this::chart)
        .toList();
  }

  private BarChart chart(String model) {
    List<ThroughputResult> runs =
        results.throughput().stream().filter(run -> run.model().equals(model)).toList();
    return new BarChart(
        "pipeline-" + model,
        "End to end, " + model,
        "records/s",
        SUBJECTS,
        PipelineTables.groups(runs).stream()
            .map(
                group ->
                    new BarChart.Group(
                        group.get(0).guarantee().name(),
                        SUBJECTS.stream()
                            .map(
                                subject ->
                                    Summary.median(
                                        group, subject, ThroughputResult::recordsPerSecond))
                            .toList()))
            .toList());
  }

  private List<String> notes() {
    List<String> notes =
        new ArrayList<>(
            List.of(
                "P × T × I: partitions of each topic, stream threads, instances. The Python peer"
                    + " has a process for each partition or core, whichever is fewer.",
                "Broker, generator, reader and subject share this machine's cores: records/s is"
                    + " what all of them together do. In throughput runs the input is there"
                    + " before, and nobody reads the output until the run is over.",
                "Throughput counts from the commit that ended the warm-up to the last one. Then"
                    + " every output is read and counted. A run that does not count goes before the"
                    + " first round, because the broker's JVM compiles for its first minute, and because"
                    + " a virtual machine's free memory may have to come from its host: files in it cost"
                    + " the broker twice the CPU and more. What is freed between runs may go back, so"
                    + " that some of it counts. The Python peer gets the launcher's settings of glibc's allocator.",
                "Loads are shares of what the subject sustains with generator and reader beside"
                    + " it, which is less than its throughput without them. Latencies count after"
                    + " two minutes at the maximum: until then the JVMs compile on the same two"
                    + " cores, and the 99th percentile is half as much again. The first third of"
                    + " each load does not count either: they compile anew where it changes.",
                "Generator and reader wait 2 ms and 1 ms for records to go together, which counts in"
                    + " the latencies: without, their requests kept this machine busy.",
                "Timestamps are whole milliseconds, rounded down: latencies are up to 1 ms too"
                    + " long. A record's timestamp is when it should have been sent, so that a"
                    + " pause counts for all records that came meanwhile.",
                "Others' cores: what neither subject nor broker nor generator and reader used; more"
                    + " than a few hundredths mean that something else disturbed.",
                "Resident memory of several processes is added up; what they share counts in"
                    + " each."));
    results.commands().forEach((what, command) -> notes.add(what + ": `" + command + "`"));
    return notes;
  }
}
