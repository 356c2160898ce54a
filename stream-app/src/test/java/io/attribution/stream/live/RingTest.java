package io.attribution.stream.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RingTest {
  private final Ring<String> ring = new Ring<>(3);

  @Test
  void keepsTheNewestValues() {
    for (String value : List.of("a", "b", "c", "d", "e")) {
      ring.add(value);
    }

    assertThat(ring.all()).containsExactly("c", "d", "e");
    assertThat(ring.newest(2)).containsExactly("d", "e");
    assertThat(ring.newestFirst(2)).containsExactly("e", "d");
    assertThat(ring.newestFirst(9)).containsExactly("e", "d", "c");
  }

  @Test
  void tellsWhatIsNewSinceTheLastTime() {
    ring.add("a");
    Ring.News<String> first = ring.since(0);
    ring.add("b");
    ring.add("c");
    Ring.News<String> second = ring.since(first.next());

    assertThat(first.values()).containsExactly("a");
    assertThat(second.values()).containsExactly("b", "c");
    assertThat(ring.since(second.next()).values()).isEmpty();
  }

  @Test
  void leavesOutWhatIsForgottenAlready() {
    for (String value : List.of("a", "b", "c", "d", "e")) {
      ring.add(value);
    }

    assertThat(ring.since(0).values()).containsExactly("c", "d", "e");
  }

  @Test
  void isBoundedByWeightButKeepsTheNewestValue() {
    Ring<String> heavy = new Ring<>(100, 10);
    heavy.add("a", 6);
    heavy.add("b", 5);
    assertThat(heavy.all()).containsExactly("b");

    heavy.add("c", 50);
    assertThat(heavy.all()).containsExactly("c");
  }
}
