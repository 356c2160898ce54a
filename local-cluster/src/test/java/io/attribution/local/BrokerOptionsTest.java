package io.attribution.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class BrokerOptionsTest {

  @Test
  void defaultsToAFreePortAndATemporaryFolder() {
    assertThat(BrokerOptions.DEFAULTS)
        .isEqualTo(new BrokerOptions(0, new Storage.Temporary(), Map.of()));
  }

  @Test
  void refusesAPortOutOfRange() {
    assertThatThrownBy(() -> BrokerOptions.DEFAULTS.withPort(65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536");
  }
}
