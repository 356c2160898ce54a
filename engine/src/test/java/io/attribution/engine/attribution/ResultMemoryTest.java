package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.reduction.Reduction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultMemoryTest {
  private static final ResultSelection ALL = ResultSelection.all(new Reduction.L2());

  private final List<Integer> allocated = new ArrayList<>();
  private final ResultMemory memory =
      new ResultMemory(
          rows -> {
            allocated.add(rows);
            return Attributions.allocate(rows, 1, 1, ALL);
          });

  @Test
  void startsWithRoomForOneRow() {
    memory.of(1);

    assertThat(allocated).containsExactly(1);
  }

  @Test
  void growsToTwiceItsSizeForOneRowMore() {
    memory.of(10);

    memory.of(11);

    assertThat(allocated).containsExactly(1, 10, 20);
  }

  @Test
  void growsToWhatIsAskedForWhereTwiceIsNotEnough() {
    memory.of(10);

    memory.of(21);

    assertThat(allocated).containsExactly(1, 10, 21);
  }

  @Test
  void keepsNoRoomInAdvanceForVeryManyRows() {
    memory.of(50_000);
    memory.of(50_001);

    memory.of(65_537);

    assertThat(allocated).containsExactly(1, 50_000, 65_536, 65_537);
  }

  @Test
  void usesTheSameMemoryAgainForFewerRows() {
    memory.of(3).reduced().orElseThrow().setRow(1, new float[] {7});

    Attributions again = memory.of(2);

    assertThat(again.reduced().orElseThrow().get(1, 0)).isEqualTo(7);
    assertThat(allocated).containsExactly(1, 3);
  }

  @Test
  void hasExactlyTheRowsThatAreAskedFor() {
    memory.of(5);

    Attributions results = memory.of(2);

    assertThat(results.rows()).isEqualTo(2);
    assertThat(results.exact().rows()).isEqualTo(2);
    assertThat(results.reconstruction().rows()).isEqualTo(2);
    assertThat(results.check().rows()).isEqualTo(2);
    assertThat(results.contributions().orElseThrow().rows()).isEqualTo(2);
    assertThat(results.reduced().orElseThrow().rows()).isEqualTo(2);
  }
}
