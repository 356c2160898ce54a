package io.attribution.reduction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
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
