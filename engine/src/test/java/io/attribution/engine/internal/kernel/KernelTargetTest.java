package io.attribution.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelTargetTest {

  @ParameterizedTest
  @CsvSource({
    "true, 64, 0, 512",
    "true, 1152, 0, 512",
    "true, 4096, 0, 256",
    "true, 1000000, 0, 32",
    "true, 512, 1024000, 64",
    "false, 64, 0, 8192",
    "false, 1152, 0, 8192",
    "false, 1000, 2000000, 32",
    "false, 1000, 500000, 128",
  })
  void cutsTilesThatFit(boolean cpu, int widest, long kept, int rows) {
    assertThat(new KernelTarget(cpu, false).tileRows(widest, kept)).isEqualTo(rows);
  }
}
