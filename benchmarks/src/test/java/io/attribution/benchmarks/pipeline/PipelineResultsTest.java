package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attribution.benchmarks.report.Run;
import io.attribution.benchmarks.report.Section;
import io.attribution.benchmarks.report.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipelineResultsTest {
  private static final Shape SHAPE = new Shape(2, 1, 1);

  @TempDir private Path directory;

  @Test
  void takesTheMedianOfRatiosWithinRounds() {
    List<ThroughputResult> runs =
        List.of(
            run("app", "digits", 1, 100),
            run("python", "digits", 1, 50),
            run("app", "digits", 2, 300),
            run("python", "digits", 2, 100),
            run("app", "digits", 3, 80),
            run("python", "digits", 3, 10));

    assertThat(Summary.ratio(runs, "app", "python")).isEqualTo(3.0);
    assertThat(Summary.ratio(runs, "app", "passthrough")).isNaN();
  }

  @Test
  void staysTheSameThroughAFile() throws Exception {
    Path file = directory.resolve("new/results.json");
    PipelineResults results =
        new PipelineResults(
            Map.of("throughput digits", "a"),
            List.of(run("app", "digits", 1, 100)),
            List.of(latency()),
            List.of(),
            List.of(soak()));

    results.write(file);

    assertThat(PipelineResults.read(file)).isEqualTo(results);
  }

  @Test
  void newerResultsReplaceThoseOfTheSameModel() {
    PipelineResults older = throughput(run("app", "digits", 1, 100), run("app", "wide", 1, 10));

    PipelineResults both = older.with(throughput(run("app", "digits", 1, 200)));

    assertThat(both.throughput())
        .extracting(ThroughputResult::recordsPerSecond)
        .containsExactlyInAnyOrder(10.0, 200.0);
  }

  @Test
  void holdsExactlyOnceLatencyAgainstItsCommitInterval() {
    PipelineResults results =
        new PipelineResults(Map.of(), List.of(), List.of(latency()), List.of(), List.of());

    Section section = new PipelineSection(results).section(new Run("", "", Map.of(), Map.of()));

    assertThat(section.claims()).hasSize(1);
    assertThat(section.claims().get(0).measured()).isEqualTo(21.0);
  }

  @Test
  void claimsTheMedianOfALoadThatWasMeasuredSeveralTimes() {
    PipelineResults results =
        new PipelineResults(
            Map.of(),
            List.of(),
            List.of(latency(150), latency(121), latency(122)),
            List.of(),
            List.of());

    Section section = new PipelineSection(results).section(new Run("", "", Map.of(), Map.of()));

    assertThat(section.claims())
        .singleElement()
        .satisfies(claim -> assertThat(claim.measured()).isEqualTo(22.0))
        .satisfies(claim -> assertThat(claim.figure()).endsWith(", median of 3 phases"));
  }

  @Test
  void makesATableForEachModeThatWasMeasured() {
    assertThat(PipelineTables.of(throughput(run("app", "digits", 1, 100))))
        .extracting(Table::title)
        .containsExactly("Throughput: medians over the rounds");
  }

  @Test
  void saysWhatIsNotMeasuredYetInsteadOfInventingIt() {
    assertThat(new ScalingPage(PipelineResults.NONE).markdown()).contains("*not measured yet*");
  }

  @Test
  void multipliesMeasuredFiguresToAMillionRecords() {
    PipelineResults results = throughput(exactlyOnce(run("app", "digits", 1, 100)));

    // 1 CPU second per million records, 266 and 1100 bytes: (266 + 1100) MB/s in three copies.
    assertThat(new ScalingPage(results).markdown())
        .contains("| application cores that are busy | 1.00 |")
        .contains("| MB/s onto brokers, copies included | 4,098 |");
  }

  private static ThroughputResult exactlyOnce(ThroughputResult run) {
    return new ThroughputResult(
        run.subject(),
        run.model(),
        Guarantee.exactly_once_v2,
        run.shape(),
        run.round(),
        run.records(),
        run.inputBytes(),
        run.outputBytes(),
        run.seconds(),
        run.recordsPerSecond(),
        run.cpuSecondsPerMillion(),
        run.brokerCpuSecondsPerMillion(),
        run.peakResidentBytes(),
        run.residentGrowth(),
        run.startSeconds(),
        run.otherCores());
  }

  @Test
  void comparesMemoryAfterTheWarmUp() {
    assertThat(soak().growth()).isCloseTo(0.01, within(1e-9));
  }

  private static PipelineResults throughput(ThroughputResult... runs) {
    return new PipelineResults(Map.of(), List.of(runs), List.of(), List.of(), List.of());
  }

  private static ThroughputResult run(String subject, String model, int round, double rate) {
    return new ThroughputResult(
        subject,
        model,
        Guarantee.at_least_once,
        SHAPE,
        round,
        10,
        266,
        1100,
        1,
        rate,
        1,
        1,
        1,
        0,
        1,
        0);
  }

  private static LatencyResult latency() {
    return latency(121);
  }

  private static LatencyResult latency(double p99Millis) {
    return new LatencyResult(
        "app",
        "digits",
        Guarantee.exactly_once_v2,
        SHAPE,
        100,
        50,
        1000,
        500,
        500,
        60,
        p99Millis,
        130,
        140,
        3,
        0.2,
        1,
        0.5,
        0.3,
        0);
  }

  /** 900 bytes while it warms up, then 1000, and 1010 in the last third. */
  private static SoakResult soak() {
    List<SoakPoint> points =
        LongStream.rangeClosed(1, 20)
            .mapToObj(i -> new SoakPoint(i, (double) i, i <= 2 ? 900 : i <= 14 ? 1000 : 1010))
            .toList();
    return new SoakResult("app", "digits", Guarantee.at_least_once, SHAPE, points);
  }
}
