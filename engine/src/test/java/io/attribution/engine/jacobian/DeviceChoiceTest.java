package io.attribution.engine.jacobian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceChoiceTest {

  @ParameterizedTest
  @ValueSource(strings = {"auto", "cpu", "gpu:0", "gpu:12"})
  void keepsItsLabel(String label) {
    assertThat(DeviceChoice.of(label).label()).isEqualTo(label);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "gpu", "gpu:", "gpu:-1", "gpu:x", "gpu:007", "gpu:256", "cuda:0", "CPU"})
  void refusesOtherLabels(String label) {
    assertThatThrownBy(() -> DeviceChoice.of(label))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + label + "' is no device; choose auto, cpu or gpu:N, such as gpu:0");
  }

  @Test
  void takesTheCpuWhereLibtorchHasNothingElse() {
    assumeWithoutCuda();

    assertThat(DeviceChoice.AUTO.open()).isEqualTo(Device.cpu());
    assertThat(DeviceChoice.CPU.open()).isEqualTo(Device.cpu());
  }

  @Test
  void saysWhyAGpuCannotBeUsed() {
    assumeWithoutCuda();

    assertThatThrownBy(() -> DeviceChoice.of("gpu:1").open())
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("device 'gpu:1': libtorch 2.")
        .hasMessageContaining("finds no GPU")
        .hasMessageContaining("PYTORCH_LIBRARY_PATH");
  }

  private static void assumeWithoutCuda() {
    assumeThat(Engine.getEngine("PyTorch").hasCapability(StandardCapabilities.CUDA)).isFalse();
  }
}
