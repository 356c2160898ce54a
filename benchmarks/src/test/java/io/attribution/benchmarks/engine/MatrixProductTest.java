package io.attribution.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.attribution.engine.internal.torch.PyTorch;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatrixProductTest {

  private static final long[][] SIZES = {
    {1024, 1152, 1152}, {2048, 512, 512}, {1024, 1152, 1152}, {2048, 512, 512}
  };

  /** Of independent standard normal numbers, an element is a sum of k with variance 1. */
  @Test
  void everyProductHasItsSizeAndTheExpectedSpread() {
    List<MatrixProduct> products = MatrixProduct.all(Device.cpu());

    assertThat(products)
        .extracting(MatrixProduct::name)
        .containsExactly(
            "sgemm 1024×1152×1152",
            "sgemm 2048×512×512",
            "sgemm 1024×1152×1152, oneDNN",
            "sgemm 2048×512×512, oneDNN");
    try (NDManager scope = PyTorch.newScope(Device.cpu())) {
      for (int i = 0; i < SIZES.length; i++) {
        NDArray result = products.get(i).product(scope);
        long inner = SIZES[i][1];
        assertThat(result.getShape().getShape()).containsExactly(SIZES[i][0], SIZES[i][2]);
        assertThat(result.square().mean().getFloat() / inner).isCloseTo(1f, within(0.02f));
        assertThat(products.get(i).operations()).isEqualTo(2 * SIZES[i][0] * inner * SIZES[i][2]);
      }
    }
    products.forEach(MatrixProduct::close);
  }
}
