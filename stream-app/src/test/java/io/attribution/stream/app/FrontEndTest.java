package io.attribution.stream.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.models.ModelExplainer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrontEndTest {
  private static final Path DIGITS = Path.of("..", "examples", "digits", "bundle");

  /** Of float64, 1e-5 would call a fault rounding. */
  @ParameterizedTest
  @CsvSource({"float32, 1e-5", "float64, 1e-12"})
  void tellsTheRoundingFloorThatTheDriftStageUses(String precision, double floor) {
    AppConfig config =
        ConfigLoader.of(
            Map.of(
                "bundles",
                DIGITS.toString(),
                "bootstrap.servers",
                "none:1",
                "engine.precision",
                precision),
            "test");
    try (ModelExplainer model =
        new ModelExplainer(
            AdmissionCheck.admit(BundleLoader.load(DIGITS), config.models().engine()),
            config.outputs().wanted(),
            config.batch().policy(),
            config.models().checkInterval())) {
      assertThat(FrontEnd.view(model, config).roundingFloor()).isEqualTo(floor);
    }
  }
}
