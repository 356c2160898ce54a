package io.attribution.stream.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GridTest {

  @Test
  void readsRowsAndColumnsFromTheNames() {
    assertThat(
            Grid.byNames(
                List.of(
                    "pixel_0_0", "pixel_0_1", "pixel_0_2", "pixel_1_0", "pixel_1_1", "pixel_1_2")))
        .contains(new Grid(2, 3));
  }

  @Test
  void mayHaveAThousandColumnsAndMore() {
    for (int columns : new int[] {999, 1000, 1001, 10_001}) {
      List<String> names =
          IntStream.range(0, columns).mapToObj(column -> "pixel_0_" + column).toList();

      assertThat(Grid.byNames(names)).contains(new Grid(1, columns));
    }
  }

  @Test
  void isNotMadeOfOtherFeatures() {
    assertThat(Grid.byNames(List.of("mean_radius", "mean_area"))).isEmpty();
    assertThat(Grid.byNames(List.of("age", "pixel_0_0"))).isEmpty();
    assertThat(Grid.byNames(List.of("pixel_00_00"))).isEmpty();
    assertThat(Grid.byNames(List.of("pixel_0_0", "pixel_0_1x"))).isEmpty();
  }

  @Test
  void isNotMadeOfPixelsThatAreMissingOrInAnotherOrder() {
    assertThat(Grid.byNames(List.of("pixel_0_0", "pixel_1_1"))).isEmpty();
    assertThat(Grid.byNames(List.of("pixel_0_1", "pixel_0_0"))).isEmpty();
    assertThat(Grid.byNames(List.of("pixel_1_0", "pixel_0_0", "pixel_0_1", "pixel_1_1"))).isEmpty();
    // 65,536 rows of 65,536: their product is 0 as an int.
    assertThat(Grid.byNames(List.of("pixel_65535_65535"))).isEmpty();
    assertThat(Grid.byNames(List.of("pixel_999999999_999999999"))).isEmpty();
    assertThat(Grid.byNames(List.of("pixel_9999999999_0"))).isEmpty();
  }
}
