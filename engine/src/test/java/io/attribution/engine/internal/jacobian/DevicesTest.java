package io.attribution.engine.internal.jacobian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.Device;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.DeviceException;
import org.junit.jupiter.api.Test;

class DevicesTest {
  @Test
  void takesTheCpuWhereLibtorchHasNothingElse() {
    assumeWithoutCuda();

    assertThat(Devices.open(DeviceChoice.AUTO)).isEqualTo(Device.cpu());
    assertThat(Devices.open(DeviceChoice.CPU)).isEqualTo(Device.cpu());
  }

  @Test
  void saysWhyAGpuCannotBeUsed() {
    assumeWithoutCuda();

    assertThatThrownBy(() -> Devices.open(DeviceChoice.of("gpu:1")))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("device 'gpu:1': libtorch 2.")
        .hasMessageContaining("finds no GPU")
        .hasMessageContaining("PYTORCH_LIBRARY_PATH");
  }

  private static void assumeWithoutCuda() {
    assumeThat(PyTorch.findsGpu()).isFalse();
  }
}
