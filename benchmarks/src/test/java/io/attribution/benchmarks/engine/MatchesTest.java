package io.attribution.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.attribution.benchmarks.measure.TakingTurns;
import io.attribution.engine.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the benchmark runs and its engines agree; not how fast they are. */
class MatchesTest {

  @Test
  void enginesAgreeAndTakeTurns(@TempDir Path folder) {
    Bundles bundles = new Bundles(Path.of(".."), folder);
    ModelBundle digits = bundles.load(Encoder.DIGITS).orElseThrow();

    try (Matches matches =
        new Matches(
            Encoder.DIGITS, digits, Device.cpu(), Optional.empty(), new TakingTurns(1, 1e-3))) {
      Match match = matches.play(3);

      assertThat(match.ofMachine(Names.LAYERS)).hasValueSatisfying(r -> assertThat(r).isPositive());
      assertThat(match.times().has(Names.all(Names.AUTOGRAD))).isTrue();
      assertThat(match.times().has(Names.VMAP)).isFalse();
    }
  }
}
