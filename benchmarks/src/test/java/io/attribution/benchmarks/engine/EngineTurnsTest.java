package io.attribution.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.attribution.benchmarks.engine.EngineTurns.Result;
import io.attribution.benchmarks.measure.Turns;
import io.attribution.engine.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That the benchmark runs and its engines agree; not how fast they are. */
class EngineTurnsTest {

  @Test
  void enginesAgreeAndTakeTurns() {
    ModelBundle digits = Encoder.digits.load(Path.of("..")).orElseThrow();
    try (EngineTurns turns =
        new EngineTurns(Encoder.digits, digits, Device.cpu(), Optional.empty(), List.of())) {
      Result result = turns.measure(3, new Turns(1, 1e-3));
      assertThat(result.ofMachine(EngineTurns.LAYERS))
          .hasValueSatisfying(share -> assertThat(share).isPositive());
      assertThat(result.times())
          .containsKey(EngineTurns.all(EngineTurns.AUTOGRAD))
          .doesNotContainKey(EngineTurns.VMAP);
    }
  }
}
