package io.attribution.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void hasThreeSignificantDigits() {
    assertThat(Figures.of(0.012345)).isEqualTo("0.0123");
    assertThat(Figures.of(0.9)).isEqualTo("0.900");
    assertThat(Figures.of(1.5)).isEqualTo("1.50");
    assertThat(Figures.of(12.34)).isEqualTo("12.3");
    assertThat(Figures.of(123.4)).isEqualTo("123");
    assertThat(Figures.of(12_345.6)).isEqualTo("12,346");
    assertThat(Figures.of(0)).isEqualTo("0");
    assertThat(Figures.of(1.5e-6)).isEqualTo("1.50e-06");
    assertThat(Figures.of(Double.NaN)).isEqualTo("–");
  }

  @Test
  void countsHaveAllTheirDigits() {
    assertThat(Figures.count(64)).isEqualTo("64");
    assertThat(Figures.count(20_000)).isEqualTo("20,000");
  }

  @Test
  void durationsHaveTheUnitThatSuitsThem() {
    assertThat(Figures.seconds(4.89e-7)).isEqualTo("489 ns");
    assertThat(Figures.seconds(1.15e-6)).isEqualTo("1.15 µs");
    assertThat(Figures.seconds(0.0271)).isEqualTo("27.1 ms");
    assertThat(Figures.seconds(2.934)).isEqualTo("2.93 s");
  }

  @Test
  void chartsHaveNoGroupingAndNoExponent() {
    assertThat(Figures.plain(185_744)).isEqualTo("186000");
    assertThat(Figures.plain(1.2345e-5)).isEqualTo("0.0000123");
  }
}
