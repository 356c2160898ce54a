package io.attribution.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.benchmarks.engine.MethodTurns.Entry;
import io.attribution.benchmarks.engine.MethodTurns.Result;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.measure.Section;
import io.attribution.benchmarks.measure.Section.Run;
import io.attribution.benchmarks.measure.Turns;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.runtime.DeviceChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That methods take turns and say what they reached; not how fast they are. */
class MethodTurnsTest {
  private static final ModelBundle DIGITS = Encoder.digits.load(Path.of("..")).orElseThrow();

  private static MethodUnderTest digits(ContributionMethod method) {
    return new MethodUnderTest(DIGITS, method, DeviceChoice.CPU);
  }

  private static Entry entry(String name, double seconds) {
    return new Entry(name, new Completeness(1e-4, 1e-5), "9 nodes", new Samples(List.of(seconds)));
  }

  @Test
  void contributionsAddUpAndTheCounterpartTakesTurns() {
    FloatMatrix features = EngineUnderTest.normal(3, DIGITS.featureCount());
    try (MethodTurns turns =
        new MethodTurns(
            Encoder.digits,
            digits(ContributionMethod.AUTO),
            Optional.of(digits(ContributionMethod.AFFINE)),
            Optional.empty())) {
      Result result = turns.measure(features, new Turns(1, 1e-3));

      assertThat(result.method()).isEqualTo(ContributionMethod.JACOBIAN);
      assertThat(result.entries())
          .extracting(Entry::name)
          .containsExactly("jacobian, layers", "affine, layers");
      assertThat(result.entries())
          .allSatisfy(entry -> assertThat(entry.completeness().worst()).isBetween(1e-9, 1e-4));
      assertThat(result.speedOver("affine, layers")).isPresent();
      assertThat(result.speedOver(MethodTurns.CAPTUM)).isEmpty();
    }
  }

  @Test
  void contributionsAddUpToOutputsLessTheirBase() {
    ModelBundle biased = BundleLoader.load(Path.of("../engine/src/test/resources/golden/biased"));
    FloatMatrix features = EngineUnderTest.normal(3, biased.featureCount());
    try (MethodTurns turns =
        new MethodTurns(
            Encoder.biased,
            new MethodUnderTest(biased, ContributionMethod.AUTO, DeviceChoice.CPU),
            Optional.empty(),
            Optional.empty())) {
      Result result = turns.measure(features, new Turns(1, 1e-3));

      assertThat(result.method()).isEqualTo(ContributionMethod.AFFINE);
      assertThat(result.own().completeness().worst()).isLessThan(1e-4);
    }
  }

  @Test
  void aPathSaysItsNodes() {
    try (MethodUnderTest path = digits(ContributionMethod.INTEGRATED_GRADIENTS)) {
      FloatMatrix features = EngineUnderTest.normal(2, DIGITS.featureCount());

      assertThat(MethodUnderTest.nodes(path.attribute(features)))
          .matches("\\d+ nodes, at most \\d+");
    }
  }

  @Test
  void speedIsClaimedBesideCaptumAtTheBatchOfTheFigure() {
    List<Entry> entries =
        List.of(entry("integrated_gradients, autograd", 0.5), entry(MethodTurns.CAPTUM, 6));
    Section section =
        new MethodSection(
                List.of(
                    result(64, entries.subList(0, 1)),
                    result(64, List.of(entries.get(0), entry(MethodTurns.CAPTUM, 7))),
                    result(256, entries)))
            .section(new Run("", "", Map.of(), Map.of()));

    assertThat(section.claims())
        .singleElement()
        .satisfies(claim -> assertThat(claim.measured()).isEqualTo(12))
        .satisfies(claim -> assertThat(claim.limit()).isEqualTo(10));
    assertThat(section.tables().get(0).rows())
        .hasSize(5)
        .contains(
            List.of(
                "tabular",
                "256",
                MethodTurns.CAPTUM,
                "42.7",
                "12.0",
                "1.00e-04",
                "1.00e-05",
                "9 nodes",
                "0 %"));
  }

  private static Result result(int batch, List<Entry> entries) {
    return new Result(
        Encoder.tabular, ContributionMethod.INTEGRATED_GRADIENTS, batch, entries, Map.of());
  }
}
