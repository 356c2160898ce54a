package io.attribution.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
