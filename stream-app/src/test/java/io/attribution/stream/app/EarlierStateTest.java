package io.attribution.stream.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Alarm;
import io.attribution.drift.Alert;
import io.attribution.drift.LinearityWatch;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Observation;
import io.attribution.drift.Origin;
import io.attribution.drift.ProbableCause;
import io.attribution.drift.Severity;
import io.attribution.drift.VerificationWindow;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * States of the linearity watch that an earlier version stored, commit 09c8b76: its own classes,
 * wired by its DriftWiring with default settings but for {@code drift.linearity.detectors}, were
 * given {@link #batch} 0 to 56 ({@code cusum-learning}) or 0 to 133, by observe and by window;
 * {@code toBytes} is in the files. What {@link #FOUND} says is the alert of that version's CUSUM,
 * which went on without a restart.
 */
class EarlierStateTest {
  private static final Path STATES = Path.of("src", "test", "resources", "earlier-state");
  private static final int LEARNING = 57;
  private static final int GROWING = 134;
  private static final int FOUND = 136;

  /** Its error grows at batch 130 by 1.8, below the tolerance. */
  private static Observation batch(int i) {
    double error = 2e-5 * Math.pow(10, 0.1 * Math.sin(0.7 * i)) * (i < 130 ? 1 : 1.8);
    VerificationSummary summary =
        new VerificationSummary(64, 128, -2, 1, -2, 1, 2 * error, 64 * error);
    Origin worst = new Origin("features", 0, i);
    return new Observation(summary, 0, "layers", worst, error, 1000L * i, 1000L * i + 900);
  }

  private static byte[] stored(String name) throws IOException {
    String hex = Files.readString(STATES.resolve(name + ".hex"));
    return HexFormat.of().parseHex(hex.replace("\n", ""));
  }

  private static LinearityWatch restored(byte[] state) throws IOException {
    Map<String, String> settings = Map.of("bundles", "b", "bootstrap.servers", "none:1");
    return LinearityWatch.of(
        state,
        DriftWiring.linearity(ConfigLoader.of(settings, "test"), model -> ProbableCause.UNKNOWN));
  }

  @ParameterizedTest
  @CsvSource({"cusum-learning, " + LEARNING, "cusum, " + GROWING, "four-detectors, " + GROWING})
  void itsCusumContinues(String name, int next) throws IOException {
    LinearityWatch watch = restored(stored(name));
    for (int i = next; i < FOUND; i++) {
      assertThat(watch.observe(batch(i))).isEmpty();
    }

    Alert alert = watch.observe(batch(FOUND)).orElseThrow();

    Alarm alarm = alert.alarm();
    assertThat(alert.id()).isEqualTo("digits/1/linearity_error/features-0@136");
    assertThat(alert.at()).isEqualTo(136_900);
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.since()).isEqualTo(130_000);
    assertThat(alarm.detector()).isEqualTo("cusum");
    assertThat(alarm.statistic()).isEqualTo(8.267934352681937);
    assertThat(alarm.threshold()).isEqualTo(7.26754638909415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cusum-learning", "cusum"})
  void isWrittenAsItWas(String name) throws IOException {
    assertThat(restored(stored(name)).toBytes()).isEqualTo(stored(name));
  }

  /** The baseline is learned from the next 100 batches, whose error is the larger one. */
  @Test
  void withoutACusumOnlyTheBaselineIsLearnedAgain() throws IOException {
    LinearityWatch watch = restored(stored("adwin"));
    assertThat(watch.model()).isEqualTo(new ModelKey("digits", "1", "abc"));
    assertThat(watch.lastSeen()).isEqualTo(133_900);

    List<Alert> alerts = new ArrayList<>();
    for (int i = GROWING; i < GROWING + 300; i++) {
      watch.observe(batch(i)).ifPresent(alerts::add);
    }

    assertThat(alerts).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cusum", "four-detectors", "adwin"})
  void itsWindowsContinue(String name) throws IOException {
    VerificationWindow window = restored(stored(name)).idle().get(0);

    assertThat(window.start()).isEqualTo(130_000);
    assertThat(window.batches()).isEqualTo(4);
    assertThat(window.merged().worst()).isEqualTo(new Origin("features", 0, 130));
  }
}
