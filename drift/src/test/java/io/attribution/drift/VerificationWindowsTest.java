package io.attribution.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attribution.engine.verification.VerificationSummary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class VerificationWindowsTest {
  private static final Duration SIZE = Duration.ofSeconds(10);

  private final VerificationWindows windows = new VerificationWindows(SIZE);

  private static Observation batch(long timestamp, double error) {
    VerificationSummary summary = new VerificationSummary(2, 4, -1, 1, -1, 1, error, 4 * error);
    Origin worst = new Origin("in", 0, timestamp);
    return new Observation(summary, 1, "layers", worst, error, timestamp - 5, timestamp);
  }

  @Test
  void returnsAWindowWhenALaterBatchShowsThatItIsComplete() {
    assertThat(windows.add(batch(1_000, 1))).isEmpty();
    assertThat(windows.add(batch(9_999, 3))).isEmpty();

    List<VerificationWindow> over = windows.add(batch(10_000, 2));

    assertThat(over).hasSize(1);
    VerificationWindow window = over.get(0);
    assertThat(window.start()).isZero();
    assertThat(window.end()).isEqualTo(10_000);
    assertThat(window.batches()).isEqualTo(2);
    assertThat(window.merged().summary().count()).isEqualTo(4);
    assertThat(window.merged().worst().offset()).isEqualTo(9_999);
    assertThat(window.merged().inexact()).isEqualTo(2);
  }

  @Test
  void returnsAWindowAgainAfterALateBatch() {
    windows.add(batch(1_000, 1));
    windows.add(batch(25_000, 1));

    List<VerificationWindow> again = windows.add(batch(2_000, 1));

    assertThat(again).extracting(VerificationWindow::batches).containsExactly(2L);
  }

  @Test
  void ignoresABatchThatComesTooLate() {
    windows.add(batch(1_000, 1));
    windows.add(batch(500_000, 1));

    assertThat(windows.add(batch(2_000, 1))).isEmpty();
    assertThat(windows.idle()).extracting(VerificationWindow::start).containsExactly(500_000L);
  }

  @Test
  void returnsTheLastWindowOnce() {
    windows.add(batch(1_000, 1));

    assertThat(windows.idle()).hasSize(1);
    assertThat(windows.idle()).isEmpty();
  }

  /** In any order within the windows that are kept, with a restart after every batch. */
  @Property(tries = 100)
  void everyBatchIsInItsWindowInTheEnd(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 79_999) Integer> times,
      @ForAll long seed)
      throws IOException {
    List<Integer> order = new ArrayList<>(times);
    Collections.shuffle(order, new Random(seed));
    VerificationWindows some = new VerificationWindows(SIZE);
    Map<Long, VerificationWindow> latest = new HashMap<>();
    for (int time : order) {
      some.add(batch(time, 1 + time)).forEach(window -> latest.put(window.start(), window));
      some = restarted(some);
    }
    some.idle().forEach(window -> latest.put(window.start(), window));

    for (VerificationWindow window : latest.values()) {
      List<Integer> inside =
          times.stream().filter(t -> t >= window.start() && t < window.end()).toList();
      assertThat(window.batches()).isEqualTo(inside.size());
      assertThat(window.merged().summary().maxError()).isEqualTo(1 + Collections.max(inside));
      assertThat(window.merged().summary().sumError())
          .isCloseTo(inside.stream().mapToDouble(t -> 4 * (1 + t)).sum(), within(1e-3));
    }
    assertThat(latest.values().stream().mapToLong(VerificationWindow::batches).sum())
        .isEqualTo(times.size());
  }

  private static VerificationWindows restarted(VerificationWindows windows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    windows.writeTo(new DataOutputStream(bytes));
    VerificationWindows restored = new VerificationWindows(SIZE);
    restored.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    return restored;
  }
}
