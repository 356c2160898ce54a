package io.attribution.stream.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparseLogTest {
  private final List<String> lines = new ArrayList<>();
  private long now = Long.MAX_VALUE - 5;

  private final SparseLog log = new SparseLog(lines::add, Duration.ofNanos(10), () -> now);

  @Test
  void saysTheFirstAndCountsTheOthersUntilThePauseIsOver() {
    log.say("a");
    log.say("b");
    log.say("c");
    now += 9;
    log.say("d");
    now += 1;
    log.say("e");
    now += 10;
    log.say("f");

    assertThat(lines).containsExactly("a", "e (and 3 like it since the last line)", "f");
  }
}
