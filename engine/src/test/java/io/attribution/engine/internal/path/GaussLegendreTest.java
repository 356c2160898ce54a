package io.attribution.engine.internal.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussLegendreTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 9, 17, 33})
  void integratesPolynomialsUpToItsDegree(int size) {
    GaussLegendre rule = new GaussLegendre(size);

    for (int degree = 0; degree < 2 * size; degree++) {
      double integral = 0;
      for (int i = 0; i < size; i++) {
        integral += rule.weight(i) * Math.pow(rule.node(i), degree);
      }
      assertThat(integral).as("x^%d", degree).isCloseTo(1.0 / (degree + 1), within(1e-14));
    }
  }

  @Test
  void hasTheMiddleOfThePathAmongItsNodes() {
    GaussLegendre rule = new GaussLegendre(9);

    assertThat(rule.node(rule.middle())).isEqualTo(0.5);
    assertThatIllegalArgumentException().isThrownBy(() -> new GaussLegendre(8));
  }
}
