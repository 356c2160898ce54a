package io.attribution.engine.reduction;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.matrix.FloatMatrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TopFeaturesProperties {

  /** Few different magnitudes, so that most of them are shared. */
  @Property
  void findsWhatSortingFinds(
      @ForAll @Size(max = 50) List<@IntRange(min = -4, max = 4) Integer> values,
      @ForAll @IntRange(min = 1, max = 60) int k) {
    float[] reduced = new float[values.size()];
    for (int i = 0; i < reduced.length; i++) {
      reduced[i] = values.get(i) / 4f;
    }

    assertThat(TopFeatures.indices(reduced, k)).containsExactly(sorted(reduced, k));
  }

  @Property
  void findsWhatSortingFindsAmongAnyFloats(
      @ForAll @Size(max = 30) float[] reduced, @ForAll @IntRange(min = 1, max = 40) int k) {
    assertThat(TopFeatures.indices(reduced, k)).containsExactly(sorted(reduced, k));
  }

  /** Wide models, few or many features kept, and rows in the middle of a native matrix. */
  @Property(tries = 200)
  void findsWhatSortingFindsInARowOutsideTheHeap(
      @ForAll @IntRange(max = 3000) int features,
      @ForAll @IntRange(max = 40) int k,
      @ForAll Random random) {
    float[] reduced = new float[features];
    for (int i = 0; i < features; i++) {
      reduced[i] = random.nextInt(4) == 0 ? random.nextInt(5) - 2 : (float) random.nextGaussian();
    }
    FloatMatrix matrix = FloatMatrix.of(filled(features, 9), reduced, filled(features, -9));

    assertThat(TopFeatures.indices(matrix.values(1), k)).containsExactly(sorted(reduced, k));
  }

  private static float[] filled(int length, float value) {
    float[] row = new float[length];
    Arrays.fill(row, value);
    return row;
  }

  /** By decreasing magnitude; the sort is stable, so that lower indices come first among equals. */
  private static int[] sorted(float[] reduced, int k) {
    return IntStream.range(0, reduced.length)
        .boxed()
        .sorted(Comparator.comparing(i -> -Math.abs(reduced[i])))
        .limit(k)
        .mapToInt(i -> i)
        .toArray();
  }
}
