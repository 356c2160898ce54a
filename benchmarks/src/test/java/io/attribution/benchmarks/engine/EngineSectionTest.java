package io.attribution.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attribution.benchmarks.engine.EngineTurns.Result;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Run;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EngineSectionTest {
  private static final Run RUN = new Run("", "", Map.of(), Map.of());
  private static final long OPERATIONS = 1000;
  private static final String SLOW = "sgemm 1×1×1";
  private static final String FAST = "sgemm 2×2×2";
  private static final Map<String, Double> PRODUCTS = Map.of(SLOW, 5e5, FAST, 1e6);

  private static Result result(Encoder encoder, int batch, double layers, double vmap) {
    Map<String, Samples> times =
        Map.of(
            EngineTurns.LAYERS,
            new Samples(List.of(layers)),
            EngineTurns.VMAP,
            new Samples(List.of(vmap)),
            SLOW,
            new Samples(List.of(1.0)),
            FAST,
            new Samples(List.of(1.0)));
    return new Result(encoder, batch, OPERATIONS, PRODUCTS, times, "");
  }

  private static List<Claim> claims(Result... results) {
    return new EngineSection(List.of(results), List.of()).section(RUN).claims();
  }

  @Test
  void rateIsOperationsOfTheWholeBatchPerSecond() {
    Result result = result(Encoder.wide, 1024, 2, 8);

    assertThat(result.ofMachine(EngineTurns.LAYERS)).hasValue(0.512);
    assertThat(result.speed(EngineTurns.LAYERS, EngineTurns.VMAP)).hasValue(4.0);
    assertThat(result.speed(EngineTurns.AUTOGRAD, EngineTurns.VMAP)).isEmpty();
  }

  @Test
  void shareOfTheMachineIsClaimedWhereItWasMeasured() {
    assertThat(claims(result(Encoder.wide, 1024, 1, 1)))
        .singleElement()
        .satisfies(claim -> assertThat(claim.measured()).isEqualTo(1.024))
        .satisfies(claim -> assertThat(claim.limit()).isEqualTo(0.9));
  }

  @Test
  void speedIsTheGeometricMeanOverTheMultilayerPerceptrons() {
    List<Claim> claims =
        claims(
            result(Encoder.digits, 64, 1, 1),
            result(Encoder.wide, 64, 1, 10),
            result(Encoder.many, 64, 1, 100));

    assertThat(claims).hasSize(1);
    assertThat(claims.get(0).measured()).isCloseTo(10, within(1e-9));
    assertThat(claims.get(0).limit()).isEqualTo(4);
  }

  @Test
  void whatRunsWithoutBeingChosenIsClaimedForAllEncodersAndBatches() {
    Result[] results =
        Encoder.JACOBIANS.stream()
            .flatMap(
                encoder ->
                    Stream.of(1, 64, 1024)
                        .map(batch -> result(encoder, batch, 1, encoder == Encoder.conv ? 0.5 : 4)))
            .toArray(Result[]::new);

    List<Claim> claims =
        claims(results).stream().filter(claim -> claim.figure().contains("auto")).toList();
    assertThat(claims).hasSize(2);
    assertThat(claims.get(0).measured())
        .isCloseTo(Math.pow(4 * 4 * 4 * 4 * 4 * 0.5, 1 / 6.0), within(1e-9));
    assertThat(claims.get(1).measured()).isEqualTo(0.5);
  }

  @Test
  void nothingIsClaimedOfSomeOfTheEncoders() {
    assertThat(claims(result(Encoder.digits, 64, 1, 1), result(Encoder.wide, 64, 1, 10))).isEmpty();
  }
}
