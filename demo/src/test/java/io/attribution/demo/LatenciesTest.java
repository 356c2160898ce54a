package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  @Test
  void quantilesAreThoseOfTheSortedLatencies() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    long[] latencies = random.longs(997, 0, 5000).toArray();
    Latencies histogram = new Latencies();
    Arrays.stream(latencies).forEach(histogram::add);
    Arrays.sort(latencies);

    for (double share : new double[] {0.001, 0.5, 0.9, 0.99, 1}) {
      long expected = latencies[(int) Math.ceil(share * latencies.length) - 1];
      assertThat(histogram.quantile(share)).as("quantile %s", share).isEqualTo(expected);
    }
  }

  @Test
  void oneLatencyIsEveryQuantile() {
    Latencies histogram = new Latencies();
    assertThat(histogram.isEmpty()).isTrue();
    histogram.add(42);

    assertThat(histogram.quantile(0.01)).isEqualTo(42);
    assertThat(histogram.quantile(0.99)).isEqualTo(42);
  }

  @Test
  void clampsWhatAClockThatWasSetMakesOfThem() {
    Latencies histogram = new Latencies();
    histogram.add(-5);
    histogram.add(Long.MAX_VALUE);

    assertThat(histogram.quantile(0.5)).isZero();
    assertThat(histogram.quantile(1)).isEqualTo(120_000);
  }

  @Test
  void windowForgetsWhatIsOld() {
    Latencies.Window window = new Latencies.Window(Duration.ofSeconds(5));
    window.add(0, 1000);
    window.add(4000, 10);

    assertThat(window.at(5000).quantile(1)).isEqualTo(1000);
    assertThat(window.at(5001).quantile(1)).isEqualTo(10);
    assertThat(window.at(9001).isEmpty()).isTrue();
  }
}
