package io.attribution.drift.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {

  @Test
  void zerosOfBothSignsAreTies() {
    KolmogorovSmirnov test =
        KolmogorovSmirnov.of(new double[] {0, -0.0, 0}, new double[] {-0.0, 0, -0.0});

    assertThat(test).isEqualTo(new KolmogorovSmirnov(0, 1));
    assertThat(RankingGain.ndcg(new double[] {1, 0}, new double[] {-0.0, 0.0}))
        .isEqualTo(RankingGain.ndcg(new double[] {1, 0}, new double[] {0.0, -0.0}));
  }

  /** All values of one below all of the other: two of all C(n+m, n) orders. */
  @Test
  void theProbabilityOfCompleteSeparationIsExact() {
    assertThat(KolmogorovSmirnov.exact(1, 5, 5)).isCloseTo(2.0 / 252, within(1e-16));
  }

  /** Sizes beyond those that are computed exactly; probabilities around those of an alarm. */
  @ParameterizedTest
  @CsvSource({"257, 256, 1.7", "512, 512, 1.1", "1000, 500, 1.1", "1000, 100, 1.8"})
  void asymptoticProbabilitiesErrOnTheSideOfNoAlarm(int n, int m, double most) {
    assertThat((long) n * m).isGreaterThan(KolmogorovSmirnov.EXACT_PAIRS);
    for (double x = 1.8; x < 2.7; x += 0.05) {
      // To the nearest distance that samples of these sizes can have.
      double steps = 1.0 * n * m / BigInteger.valueOf(n).gcd(BigInteger.valueOf(m)).intValue();
      double d = Math.round(x * Math.sqrt((double) (n + m) / (1.0 * n * m)) * steps) / steps;

      double exact = KolmogorovSmirnov.exact(d, n, m);
      assertThat(KolmogorovSmirnov.asymptotic(d, n, m)).isBetween(exact, most * exact);
    }
  }

  /** Against a count of all paths without a short cut. */
  @Property(tries = 500)
  void theExactProbabilityCountsAllPaths(
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 1, max = 30) int m,
      @ForAll @IntRange(max = 30) int i,
      @ForAll @IntRange(max = 30) int j) {
    double d = Math.abs((double) Math.min(i, n) / n - (double) Math.min(j, m) / m);

    assertThat(KolmogorovSmirnov.exact(d, n, m)).isCloseTo(1 - inside(d, n, m), within(1e-12));
  }

  /** Share of the paths that stay closer than d to the diagonal. */
  private static double inside(double d, int n, int m) {
    double[][] paths = new double[n + 1][m + 1];
    double all = 1;
    for (int i = 0; i <= n; i++) {
      for (int j = 0; j <= m; j++) {
        double from = i == 0 && j == 0 ? 1 : 0;
        from += i == 0 ? 0 : paths[i - 1][j];
        from += j == 0 ? 0 : paths[i][j - 1];
        boolean closer = Math.abs(i * m - j * n) < Math.round(d * n * m);
        paths[i][j] = closer ? from : 0;
      }
    }
    for (int i = 1; i <= n; i++) {
      all = all * (m + i) / i;
    }
    return paths[n][m] / all;
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
  void invalidSamplesAreRefused() {
    assertThatThrownBy(() -> KolmogorovSmirnov.of(new double[0], new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KolmogorovSmirnov.of(new double[] {1}, new double[] {Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RankingGain.ndcg(new double[] {1}, new double[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BenjaminiHochberg.adjusted(new double[] {1.5}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BenjaminiHochberg.adjusted(new double[] {Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noRelevanceAtAllMakesEveryOrderRight() {
    assertThat(RankingGain.ndcg(new double[3], new double[] {3, 1, 2})).isEqualTo(1);
  }

  @Test
  void theSameOrderIsRightWhateverTheScale() {
    assertThat(RankingGain.ndcg(new double[] {3, 1, 2}, new double[] {30, 10, 20}, 3)).isEqualTo(1);
  }

  @Test
  void noTestsGiveNoAdjustedPValues() {
    assertThat(BenjaminiHochberg.adjusted(new double[0])).isEmpty();
  }
}
