package io.attribution.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void zerosOfBothSignsAreTies() {
    KolmogorovSmirnov test =
        KolmogorovSmirnov.of(new float[] {0f, -0f, 0f}, new float[] {-0f, 0f, -0f});

    assertThat(test).isEqualTo(new KolmogorovSmirnov(0, 1));
    assertThat(RankingGain.ndcg(new double[] {1, 0}, new double[] {-0.0, 0.0}))
        .isEqualTo(RankingGain.ndcg(new double[] {1, 0}, new double[] {0.0, -0.0}));
  }

  /** All values of one below all of the other: two of all C(n+m, n) orders. */
  @Test
  void theProbabilityOfCompleteSeparationIsExact() {
    assertThat(KolmogorovSmirnov.exact(1, 5, 5)).isCloseTo(2.0 / 252, within(1e-16));
  }

  @Test
  void asymptoticProbabilitiesAreNearTheExactOnes() {
    assertThat(KolmogorovSmirnov.asymptotic(0.06, 1000, 1000))
        .isCloseTo(KolmogorovSmirnov.exact(0.06, 1000, 1000), Percentage.withPercentage(7));
  }

  @Test
  void halfOfTheTestsOfOneDistributionHaveAProbabilityBelowOneHalf() {
    Random random = new Random(5);
    int below = 0;
    for (int i = 0; i < 2000; i++) {
      below += KolmogorovSmirnov.of(normal(random, 60), normal(random, 80)).pValue() < 0.5 ? 1 : 0;
    }

    assertThat(below).isBetween(880, 1060);
  }

  private static double[] normal(Random random, int count) {
    return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  @Test
  void samplesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> KolmogorovSmirnov.of(new double[0], new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PopulationStability(new double[] {Double.NaN}, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RankingGain.ndcg(new double[] {1}, new double[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FalseDiscovery.adjusted(new double[] {1.5}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FalseDiscovery.adjusted(new double[] {Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theReferenceItselfIsStable() {
    double[] reference = normal(new Random(6), 1000);

    assertThat(new PopulationStability(reference, 10).of(reference)).isZero();
  }

  /** Bins of 25 each; 10, 20, 30, 40 in them now: by hand, with half a value more in each. */
  @Test
  void stabilityIsThatOfTheDefinition() {
    PopulationStability stability =
        new PopulationStability(IntStream.rangeClosed(1, 100).asDoubleStream().toArray(), 4);
    double[] sample = new double[100];
    Arrays.fill(sample, 0, 10, 25); // an edge belongs to the bin below
    Arrays.fill(sample, 10, 30, 25.5);
    Arrays.fill(sample, 30, 60, 75);
    Arrays.fill(sample, 60, 100, 1e9);

    double expected = 0;
    for (double count : new double[] {10, 20, 30, 40}) {
      double q = (count + 0.5) / 102;
      expected += (q - 0.25) * Math.log(q / 0.25);
    }
    assertThat(stability.of(sample)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void emptyBinsGiveAFiniteIndex() {
    PopulationStability stability = new PopulationStability(normal(new Random(7), 500), 10);

    assertThat(stability.of(new double[] {99})).isFinite().isPositive();
  }

  @Test
  void equalQuantilesBecomeOneBin() {
    float[] mostlyZero = new float[100];
    Arrays.fill(mostlyZero, 80, 100, 1f);
    PopulationStability stability = new PopulationStability(mostlyZero, 10);

    assertThat(stability.bins()).isEqualTo(3);
    assertThat(stability.of(new float[] {1, 1, 1, 1})).isGreaterThan(0.25);
    assertThat(new PopulationStability(new float[] {-0f, 0f, 0f}, 5).bins()).isEqualTo(2);
  }

  @Test
  void smallSamplesOfTheReferenceAreAsUnstableAsChanceSays() {
    Random random = new Random(8);
    PopulationStability stability = new PopulationStability(normal(random, 10_000), 10);

    double mean =
        IntStream.range(0, 400)
            .mapToDouble(i -> stability.of(normal(random, 200)))
            .average()
            .orElseThrow();

    assertThat(mean).isCloseTo(9 * (1.0 / 200 + 1.0 / 10_000), Percentage.withPercentage(15));
  }

  @Test
  void noRelevanceAtAllMakesEveryOrderRight() {
    assertThat(RankingGain.ndcg(new double[3], new double[] {3, 1, 2})).isEqualTo(1);
  }

  @Test
  void theSameOrderIsRightWhateverTheScale() {
    assertThat(RankingGain.ndcg(new float[] {3, 1, 2}, new float[] {30, 10, 20}, 3)).isEqualTo(1);
  }

  @Test
  void noTestsGiveNoAdjustedPValues() {
    assertThat(FalseDiscovery.adjusted(new double[0])).isEmpty();
  }
}
