package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Errors are log-normal noise around a level, given as log10. */
class CusumDetectorTest {
  private static final CusumSettings QUICK = new CusumSettings(500, 2, 20, 0.05, 1e-5);

  private static double error(double level) {
    return Math.pow(10, level);
  }

  @Test
  void isSilentWhileItLearns() {
    CusumDetector detector = new CusumDetector(QUICK);

    for (int i = 0; i < 20; i++) {
      assertThat(detector.observe(i % 2 == 0 ? 1e-4 : 1e4)).isEqualTo(Reading.SILENT);
    }
    assertThat(detector.observe(1e-4).threshold()).isFinite();
  }

  /** Baselines are learned anew after each alarm; the allowance makes most of them cautious. */
  @Test
  void falseAlarmsAreNoMoreFrequentThanConfigured() {
    Random random = new Random(17);
    CusumSettings settings = new CusumSettings(1000, 2, 1000, 0.05, 1e-5);
    int observations = 0;
    int alarms = 0;
    for (int run = 0; run < 300; run++) {
      CusumDetector detector = new CusumDetector(settings);
      for (int i = 0; i < 3000; i++) {
        Reading reading = detector.observe(error(-3 + 0.3 * random.nextGaussian()));
        observations += reading.equals(Reading.SILENT) ? 0 : 1;
        if (reading.alarm()) {
          alarms++;
          break;
        }
      }
    }

    assertThat(alarms).isGreaterThan(100); // or the figure says nothing
    assertThat((double) observations / alarms).isBetween(1000.0, 2500.0);
  }

  @Test
  void findsTheConfiguredFactor() {
    CusumDetector detector = new CusumDetector(new CusumSettings(1e6, 2, 200, 0.05, 1e-5));
    Random random = new Random(18);
    int alarm = -1;
    long since = -1;
    for (int i = 0; i < 2000 && alarm < 0; i++) {
      double level = i < 1000 ? -3 : -3 + Math.log10(2);
      Reading reading = detector.observe(error(level + 0.2 * random.nextGaussian()));
      alarm = reading.alarm() ? i : -1;
      since = reading.since();
    }

    assertThat(alarm).isBetween(1000, 1050);
    assertThat(alarm - since).isBetween(990L, 1010L);
  }

  @Test
  void anInfiniteErrorAndNaNAreTheLargestErrors() {
    CusumDetector detector = new CusumDetector(QUICK);
    for (int i = 0; i < 20; i++) {
      detector.observe(1e-4);
    }

    assertThat(detector.observe(Double.NaN).alarm()).isTrue();
    assertThat(detector.observe(Double.POSITIVE_INFINITY).alarm()).isTrue();
  }

  @Property(tries = 150)
  void aConstantErrorNeverAlarms(@ForAll @DoubleRange(min = -12, max = 9) double level) {
    CusumDetector detector = new CusumDetector(QUICK);

    for (int i = 0; i < 5_000; i++) {
      assertThat(detector.observe(error(level)).alarm()).isFalse();
    }
  }

  /** Whatever they are below the floor. */
  @Property(tries = 100)
  void healthyErrorsNeverAlarm(@ForAll Random random) {
    CusumDetector detector = new CusumDetector(QUICK);

    for (int i = 0; i < 3_000; i++) {
      assertThat(detector.observe(1e-5 * Math.pow(random.nextDouble(), 4)).alarm()).isFalse();
    }
  }

  @Property(tries = 200)
  void restoringAtAnyPointChangesNothing(
      @ForAll @IntRange(max = 200) int before,
      @ForAll @IntRange(min = 1, max = 200) int after,
      @ForAll Random random)
      throws IOException {
    CusumDetector original = used(before, random);

    CusumDetector restored = used(random.nextInt(100), random);
    restored.restore(original.toBytes());

    assertThat(restored.toBytes()).isEqualTo(original.toBytes());
    for (int i = 0; i < after; i++) {
      double error = error(-4 + 0.5 * random.nextGaussian());
      assertThat(restored.observe(error)).isEqualTo(original.observe(error));
    }
  }

  /** Cut off, of another version (the detector's or the chart's), or without a valid sigma. */
  @Test
  void refusesAStateThatIsNoneAndStaysAsItWas() {
    byte[] state = used(100, new Random(1)).toBytes();
    int flag = 1 + Integer.BYTES + 2 * Double.BYTES;
    int chart = flag + 1 + 2 * Double.BYTES + Integer.BYTES;
    assertRefused(Arrays.copyOf(state, state.length - 1));
    assertRefused(Arrays.copyOf(state, flag));
    assertRefused(changed(state, 0, 77));
    assertRefused(changed(state, chart, 77));
    assertRefused(changed(state, flag + 1 + Double.BYTES, -1));
  }

  private static void assertRefused(byte[] state) {
    CusumDetector detector = used(50, new Random(2));
    byte[] before = detector.toBytes();

    assertThatThrownBy(() -> detector.restore(state)).isInstanceOf(IOException.class);

    assertThat(detector.toBytes()).isEqualTo(before);
  }

  private static byte[] changed(byte[] state, int at, int value) {
    byte[] changed = state.clone();
    changed[at] = (byte) value;
    return changed;
  }

  /** Noise whose level jumps now and then. */
  private static CusumDetector used(int observations, Random random) {
    CusumDetector detector = new CusumDetector(QUICK);
    double level = -4;
    for (int i = 0; i < observations; i++) {
      level += random.nextInt(50) == 0 ? 0.3 * random.nextGaussian() : 0;
      detector.observe(error(level + 0.1 * random.nextGaussian()));
    }
    return detector;
  }
}
