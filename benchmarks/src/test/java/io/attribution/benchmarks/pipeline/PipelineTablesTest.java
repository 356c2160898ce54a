package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attribution.benchmarks.engine.Encoder;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.pipeline.Run.Case;
import io.attribution.benchmarks.pipeline.Run.Guarantee;
import io.attribution.benchmarks.pipeline.Run.Shape;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PipelineTablesTest {

  private static Case run(Subject subject, Guarantee guarantee) {
    return new Case(Encoder.digits, guarantee, subject, new Shape(2, 1, 1));
  }

  private static Throughput.Result throughput(Subject subject, double rate) {
    return throughput(run(subject, Guarantee.exactly_once_v2), rate);
  }

  private static Throughput.Result throughput(Case of, double rate) {
    return new Throughput.Result(of, 1100, rate, 1, 1, 500, 0);
  }

  private static Throughput.Result wide(Throughput.Result of) {
    Case narrow = of.of();
    return throughput(
        new Case(Encoder.wide, narrow.guarantee(), narrow.subject(), narrow.shape()),
        of.recordsPerSecond());
  }

  @Test
  void ratiosAreTakenWithinRounds() {
    List<Throughput.Result> results =
        List.of(
            throughput(Subject.app, 100),
            throughput(Subject.python, 50),
            throughput(Subject.app, 300),
            throughput(Subject.python, 100),
            throughput(Subject.app, 80),
            throughput(Subject.python, 10));
    assertThat(Throughput.ratio(results, Subject.app, Subject.python)).isEqualTo(3.0);
    assertThat(Throughput.ratio(results, Subject.app, Subject.passthrough)).isNaN();
    assertThat(Throughput.claims(results))
        .singleElement()
        .satisfies(claim -> assertThat(claim.measured()).isEqualTo(3.0));
  }

  @Test
  void throughputIsTheMedianOverTheRounds() {
    List<Throughput.Result> results =
        List.of(
            throughput(Subject.app, 100),
            throughput(Subject.app, 300),
            throughput(Subject.app, 120));
    assertThat(Throughput.table("Throughput", results).rows())
        .containsExactly(
            List.of(
                "digits, exactly_once_v2", "app", "2 × 1 × 1", "120", "1.00", "1.00", "500", "0"));
    // One subject has no ratios.
    assertThat(Throughput.ratios(results).rows()).isEmpty();
  }

  @Test
  void onlyKafkaBoundModelsAreHeldAgainstThePassthrough() {
    List<Throughput.Result> results =
        List.of(throughput(Subject.app, 60), throughput(Subject.passthrough, 100));
    assertThat(Throughput.claims(results)).extracting(Claim::measured).containsExactly(0.6);
    assertThat(Throughput.claims(results.stream().map(PipelineTablesTest::wide).toList()))
        .isEmpty();
  }

  @Test
  void scalingMultipliesMeasuredFiguresToAMillionRecords() {
    // 1 CPU second per million records, 266 and 1100 bytes: (266 + 1100) MB/s in three copies.
    assertThat(Throughput.scaling(List.of(throughput(Subject.app, 100)), 266).rows())
        .extracting(row -> row.subList(0, 2))
        .contains(
            List.of("application cores that are busy", "1.00"),
            List.of("MB/s onto brokers, copies included", "4,098"),
            List.of("brokers, by bytes", "21.0"),
            List.of("partitions, at least", "2.00"));
    assertThat(Throughput.scaling(List.of(throughput(Subject.python, 1)), 266).rows()).isEmpty();
  }

  private static Latency.Result latency(Guarantee guarantee, double p99Millis) {
    return new Latency.Result(run(Subject.app, guarantee), 50, p99Millis, 100, List.of());
  }

  @Test
  void exactlyOnceLatencyIsHeldAgainstItsCommitInterval() {
    assertThat(
            Latency.claims(
                List.of(
                    latency(Guarantee.exactly_once_v2, 121), latency(Guarantee.at_least_once, 20))))
        .extracting(Claim::measured)
        .containsExactly(21.0, 20.0);
  }

  @Test
  void aLoadThatWasMeasuredSeveralTimesIsOneClaim() {
    assertThat(
            Latency.claims(
                List.of(
                    latency(Guarantee.exactly_once_v2, 150),
                    latency(Guarantee.exactly_once_v2, 121),
                    latency(Guarantee.exactly_once_v2, 122))))
        .singleElement()
        .satisfies(claim -> assertThat(claim.measured()).isEqualTo(22.0))
        .satisfies(claim -> assertThat(claim.figure()).endsWith(", median of 3 phases"));
  }

  @Test
  void memoryIsComparedAfterTheWarmUp() {
    // 900 bytes during the warm-up, then 1000, and 1010 in the last third.
    List<Soak.Point> points =
        LongStream.rangeClosed(1, 20)
            .mapToObj(i -> new Soak.Point(i, (double) i, i <= 2 ? 900 : i <= 14 ? 1000 : 1010))
            .toList();
    Soak.Result result = new Soak.Result(run(Subject.app, Guarantee.at_least_once), points);
    assertThat(result.growth()).isCloseTo(1, within(1e-9));
    assertThat(Soak.claims(List.of(result)))
        .singleElement()
        .satisfies(claim -> assertThat(claim.measured()).isCloseTo(1, within(1e-9)));
  }
}
