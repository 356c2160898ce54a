package io.attribution.stream.produce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProductionTest {

  @Test
  void sumsUpWhatTheBrokerHas() {
    assertThat(production(2000, 2000, false).summary())
        .isEqualTo("2,000 records on topic features in 4.0 s (500/s)");
  }

  @Test
  void saysWhatIsNotKnownToHaveArrived() {
    assertThat(production(2000, 1990, true).summary())
        .isEqualTo(
            "stopped: 1,990 records on topic features in 4.0 s (498/s); 10 not acknowledged");
  }

  @Test
  void drawsABarWhereTheEndIsKnown() {
    Production half = production(1000, 990, false);

    assertThat(half.progress(OptionalDouble.of(0.5), OptionalLong.empty()).plain())
        .isEqualTo("███████████████░░░░░░░░░░░░░░░  50 %  1,000 records  248/s");
    assertThat(half.progress(OptionalDouble.empty(), OptionalLong.of(4000)).plain())
        .contains(" 25 %");
    assertThat(half.progress(OptionalDouble.empty(), OptionalLong.empty()).plain())
        .isEqualTo("1,000 records  248/s");
  }

  private static Production production(long sent, long acknowledged, boolean stopped) {
    return new Production("features", sent, acknowledged, Duration.ofSeconds(4), stopped);
  }
}
