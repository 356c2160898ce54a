package io.attribution.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderTest {

  private static LayerSpec linear(int inputs, int outputs) {
    return new LayerSpec.Linear(
        new Tensor(List.of(outputs, inputs), new float[outputs * inputs]), Optional.empty());
  }

  @Test
  void onlyLinearMapsCountAlsoWithinResidualBlocks() {
    List<LayerSpec> layers =
        List.of(
            linear(3, 5),
            new LayerSpec.Relu(),
            new LayerSpec.Residual(List.of(linear(5, 7), linear(7, 5))),
            linear(5, 2));

    assertThat(Encoder.multiplyAdds(layers)).isEqualTo(15 + 35 + 35 + 10);
  }

  @Test
  void jacobiansCostAPassForEachOutputOrInputWhicheverAreFewer() {
    assertThat(Encoder.operations(100, 2, 50)).isEqualTo(2 * 100 * 3);
    assertThat(Encoder.operations(100, 64, 8)).isEqualTo(2 * 100 * 9);
  }

  @Test
  void generatedBundlesHaveTheSizesOfTheEncoders(@TempDir Path folder) throws IOException {
    BundleGenerator.wide(folder.resolve("wide"));
    BundleGenerator.write(Encoder.many, folder.resolve("many"));

    ModelBundle wide = BundleLoader.load(folder.resolve("wide"));
    ModelBundle many = BundleLoader.load(folder.resolve("many"));

    assertThat(List.of(wide.featureCount(), wide.inputSize(), wide.outputCount()))
        .containsExactly(2000, 50, 2);
    assertThat(Encoder.operationsPerRow(wide))
        .isEqualTo(2L * (50 * 1152 + 4 * 1152 * 1152 + 1152 * 2) * 3);
    assertThat(List.of(many.featureCount(), many.inputSize(), many.outputCount()))
        .containsExactly(256, 256, 64);
    assertThat(Encoder.operationsPerRow(many))
        .isEqualTo(2L * (256 * 512 + 2 * 512 * 512 + 512 * 64) * 65);
  }

  @Test
  void generatedBundlesAreTheSameEveryTime(@TempDir Path folder) throws IOException {
    BundleGenerator.write(Encoder.many, folder.resolve("a"));
    BundleGenerator.write(Encoder.many, folder.resolve("b"));

    assertThat(BundleLoader.load(folder.resolve("a")).fingerprint())
        .isEqualTo(BundleLoader.load(folder.resolve("b")).fingerprint());
  }
}
