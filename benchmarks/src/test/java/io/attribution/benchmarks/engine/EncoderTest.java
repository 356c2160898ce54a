package io.attribution.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.Tensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
}
