package io.attribution.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.measure.Standings;
import io.attribution.benchmarks.report.Claim;
import io.attribution.benchmarks.report.Run;
import io.attribution.benchmarks.report.Section;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineSectionTest {
  private static final Run RUN = new Run("", "", Map.of(), Map.of());
  private static final long OPERATIONS = 1000;
  private static final String SLOW = "sgemm 1×1×1";
  private static final String FAST = "sgemm 2×2×2";
  private static final Map<String, Double> PRODUCTS = Map.of(SLOW, 5e5, FAST, 1e6);

  private static Match match(Encoder encoder, int batch, double layers, double vmap) {
    return new Match(
        encoder,
        batch,
        OPERATIONS,
        PRODUCTS,
        new Standings(
            Map.of(
                Names.LAYERS,
                new Samples(List.of(layers)),
                Names.VMAP,
                new Samples(List.of(vmap)),
                SLOW,
                new Samples(List.of(1.0)),
                FAST,
                new Samples(List.of(1.0)))),
        Map.of());
  }

  private static List<Claim> claims(Match... matches) {
    Section section = new EngineSection(List.of(matches), List.of(), List.of()).section(RUN);
    return section.claims();
  }

  @Test
  void rateIsOperationsOfTheWholeBatchPerSecond() {
    Match match = match(Encoder.WIDE, 1024, 2, 8);

    assertThat(match.rate(Names.LAYERS)).isEqualTo(OPERATIONS * 1024 / 2.0);
    assertThat(match.ofMachine(Names.LAYERS)).hasValue(0.512);
    assertThat(match.speed(Names.LAYERS, Names.VMAP)).hasValue(4.0);
    assertThat(match.speed(Names.AUTOGRAD, Names.VMAP)).isEmpty();
  }

  @Test
  void shareOfTheMachineIsClaimedWhereItWasMeasured() {
    assertThat(claims(match(Encoder.WIDE, 1024, 1, 1)))
        .singleElement()
        .satisfies(claim -> assertThat(claim.measured()).isEqualTo(1.024))
        .satisfies(claim -> assertThat(claim.limit()).isEqualTo(0.9));
  }

  @Test
  void speedIsTheGeometricMeanOverTheMultilayerPerceptrons() {
    List<Claim> claims =
        claims(
            match(Encoder.DIGITS, 64, 1, 1),
            match(Encoder.WIDE, 64, 1, 10),
            match(Encoder.MANY, 64, 1, 100));

    assertThat(claims).hasSize(1);
    assertThat(claims.get(0).measured()).isCloseTo(10, within(1e-9));
    assertThat(claims.get(0).limit()).isEqualTo(4);
  }

  @Test
  void nothingIsClaimedOfSomeOfTheEncoders() {
    assertThat(claims(match(Encoder.DIGITS, 64, 1, 1), match(Encoder.WIDE, 64, 1, 10))).isEmpty();
  }
}
