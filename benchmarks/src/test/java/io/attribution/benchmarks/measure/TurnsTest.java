package io.attribution.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final List<String> turns = new ArrayList<>();

  /** Takes a fixed time for each call and remembers when it was its turn. */
  private Turns.Contestant contestant(String name, double secondsPerCall) {
    return new Turns.Contestant(
        name,
        calls -> {
          turns.add(name + calls);
          return calls * secondsPerCall;
        });
  }

  @Test
  void contestantsTakeTurnsThatLastAsLong() {
    new Turns(2, 1).measure(List.of(contestant("a", 0.5), contestant("b", 0.1)));

    assertThat(turns.subList(turns.size() - 4, turns.size()))
        .containsExactly("a2", "b10", "a2", "b10");
  }

  @Test
  void samplesAreSecondsPerCall() {
    Map<String, Samples> samples =
        new Turns(3, 1).measure(List.of(contestant("a", 0.25), contestant("b", 7)));
    assertThat(samples).containsOnlyKeys("a", "b");
    assertThat(samples.get("a").values()).containsExactly(0.25, 0.25, 0.25);
    assertThat(samples.get("b").values()).containsExactly(7.0, 7.0, 7.0);
  }
}
