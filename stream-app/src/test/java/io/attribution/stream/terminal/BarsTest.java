package io.attribution.stream.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarsTest {

  @ParameterizedTest
  @CsvSource({
    "1, '    │████'",
    "0.5, '    │██  '",
    "0.375, '    │█▌  '",
    "-1, '████│    '",
    "-0.5, '  ██│    '",
    "-0.375, '  ▐█│    '",
    "0, '    │    '",
  })
  void growsFromTheAxisInProportion(double value, String bar) {
    assertThat(Bars.signed(value, 1, 4)).isEqualTo(bar);
  }

  @Test
  void showsTheSmallestValueAndTheSideItIsOn() {
    assertThat(Bars.signed(1e-9, 1, 4)).isEqualTo("    │▏   ");
    assertThat(Bars.signed(-1e-9, 1, 4)).isEqualTo("   ▕│    ");
  }

  @Test
  void staysFullBeyondItsScale() {
    assertThat(Bars.signed(7, 1, 4)).isEqualTo("    │████");
    assertThat(Bars.signed(-7, 1, 4)).isEqualTo("████│    ");
  }

  @Test
  void isAsWideForEveryValue() {
    for (int eighth = -80; eighth <= 80; eighth++) {
      assertThat(Bars.signed(eighth / 80.0, 1, 10)).as("%d/80", eighth).hasSize(21);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, ░░░░", "0.5, ██░░", "0.99, ███░", "1, ████", "1.7, ████", "-1, ░░░░"})
  void isFullOnlyAtTheEnd(double share, String bar) {
    assertThat(Bars.progress(share, 4)).isEqualTo(bar);
  }
}
