package io.attribution.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.internal.jacobian.Kernel;
import io.attribution.engine.internal.torch.PyTorch;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelSourceTest {
  private static final KernelTarget FLOAT32 = new KernelTarget(false, false);
  private static final String PROGRAM =
      """
      class Kernel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def attribute(self: __torch__.Kernel, x: Tensor, w: List[Tensor], out: List[Tensor]) -> int:
          torch.copy_(out[0], torch.mul(x, w[0]))
          return 0
      """;

  @Test
  void isAProgramForLibtorch() {
    Operand three = new Operand(List.of(1), new double[] {3}, false);
    KernelSource source =
        new KernelSource(PROGRAM, List.of(three), List.of(KernelSource.Output.EMBEDDING));
    try (NDManager scope = PyTorch.newScope(Device.cpu());
        Kernel kernel = new Kernel(source, FLOAT32, Device.cpu())) {
      NDArray result = scope.zeros(new Shape(2));

      kernel.attribute(scope.create(new float[] {1, 2}), List.of(result));

      assertThat(result.toFloatArray()).containsExactly(3, 6);
    }
  }

  @Test
  void isRefusedWhereTheTextIsNoProgram() {
    KernelSource source =
        new KernelSource(PROGRAM.replace("out[0]", "nowhere"), List.of(), List.of());

    assertThatThrownBy(() -> new Kernel(source, FLOAT32, Device.cpu()).close())
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("nowhere");
  }
}
