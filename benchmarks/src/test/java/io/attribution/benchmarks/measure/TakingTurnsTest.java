package io.attribution.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakingTurnsTest {
  private final List<String> turns = new ArrayList<>();

  /** Takes a fixed time for each call and remembers when it was its turn. */
  private Contestant contestant(String name, double secondsPerCall) {
    return new Contestant() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public double time(int calls) {
        turns.add(name + calls);
        return calls * secondsPerCall;
      }
    };
  }

  @Test
  void contestantsTakeTurnsThatLastAsLong() {
    new TakingTurns(2, 1).measure(List.of(contestant("a", 0.5), contestant("b", 0.1)));

    assertThat(turns.subList(turns.size() - 4, turns.size()))
        .containsExactly("a2", "b10", "a2", "b10");
  }

  @Test
  void samplesAreSecondsPerCall() {
    Standings standings =
        new TakingTurns(3, 1).measure(List.of(contestant("a", 0.25), contestant("b", 7)));

    assertThat(standings.of("a").seconds()).hasSize(3);
    assertThat(standings.of("a").median()).isCloseTo(0.25, within(1e-12));
    assertThat(standings.of("b").median()).isCloseTo(7, within(1e-12));
  }

  @Test
  void whoTookNoTurnHasNoSamples() {
    Standings standings = new TakingTurns(1, 1).measure(List.of(contestant("a", 1)));

    assertThat(standings.has("b")).isFalse();
    assertThatThrownBy(() -> standings.of("b")).hasMessageContaining("'b'");
  }
}
