package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdwinTest {

  static List<JsonNode> river() {
    return Vectors.cases("adwin");
  }

  @ParameterizedTest
  @MethodSource("river")
  void findsTheChangesThatRiverFindsWithTheSameWindows(JsonNode vector) {
    Adwin adwin = new Adwin(settings(vector));
    List<Integer> changes = new ArrayList<>();
    List<Integer> widthsAtChanges = new ArrayList<>();
    List<Integer> widthsEvery50 = new ArrayList<>();
    double[] values = Vectors.stream(vector);

    for (int i = 0; i < values.length; i++) {
      if (adwin.observe(values[i]).alarm()) {
        changes.add(i);
        widthsAtChanges.add((int) adwin.width());
      }
      if (i % 50 == 0) {
        widthsEvery50.add((int) adwin.width());
      }
    }

    assertThat(changes).isEqualTo(Vectors.integers(vector.get("changes")));
    assertThat(widthsAtChanges).isEqualTo(Vectors.integers(vector.get("widthsAtChanges")));
    assertThat(widthsEvery50).isEqualTo(Vectors.integers(vector.get("widthsEvery50")));
  }

  private static Adwin.Settings settings(JsonNode vector) {
    return new Adwin.Settings(
        vector.get("delta").asDouble(),
        vector.get("clock").asInt(),
        vector.get("buckets").asInt(),
        5,
        10,
        1 << 20,
        0,
        true,
        Direction.BOTH);
  }

  @Test
  void judgesTheChangeToHaveBegunAtTheClearestCut() {
    Adwin adwin = new Adwin(Adwin.Settings.river(0.002).keepingTheNewer());

    Reading reading = firstAlarm(adwin, 512, 256, 0, 10);

    // 512 is a multiple of the clock: the first check after the shift has 32 new values.
    assertThat(reading.since()).isEqualTo(31);
    assertThat(reading.statistic()).isCloseTo(10, within(0.1));
  }

  @Test
  void keepsWhatCameAfterTheChangeWhereThePaperDoes() {
    Adwin adwin = new Adwin(Adwin.Settings.river(0.002).keepingTheNewer());

    firstAlarm(adwin, 512, 256, 0, 10);
    adwin.observe(10);

    assertThat(adwin.width()).isGreaterThan(1);
  }

  @Test
  void changesTheOtherWayShortenTheWindowWithoutAnAlarm() {
    Adwin adwin = new Adwin(Adwin.Settings.river(0.002).watching(Direction.UP, 0));

    Reading reading = firstAlarm(adwin, 512, 256, 10, 0);

    assertThat(reading.alarm()).isFalse();
    assertThat(adwin.width()).isLessThan(512);
  }

  @Test
  void changesThatAreTooSmallShortenTheWindowWithoutAnAlarm() {
    Adwin adwin = new Adwin(Adwin.Settings.river(0.002).watching(Direction.UP, 1));

    assertThat(firstAlarm(adwin, 512, 256, 0, 0.8).alarm()).isFalse();
    assertThat(adwin.width()).isLessThan(512);
    adwin.reset();
    assertThat(firstAlarm(adwin, 512, 256, 0, 1.5).alarm()).isTrue();
  }

  @Test
  void theWindowStaysBoundedForever() {
    Adwin adwin = new Adwin(new Adwin.Settings(0.002, 32, 5, 5, 10, 1000, 0, true, Direction.BOTH));

    for (int i = 0; i < 20_000; i++) {
      adwin.observe(0.5);
    }

    assertThat(adwin.width()).isBetween(500L, 1000L);
  }

  /** A width that is not the buckets' would be believed for ever. */
  @Test
  void aStateWhoseWidthIsNotThatOfItsBucketsIsRefused() throws IOException {
    Adwin adwin = new Adwin(Adwin.Settings.river(0.002));
    adwin.observe(1);
    adwin.observe(2);
    byte[] state = bytes(adwin);
    ByteBuffer.wrap(state).putDouble(Byte.BYTES + Double.BYTES + Integer.BYTES + Byte.BYTES, 7);

    assertThatThrownBy(() -> restore(adwin, state)).isInstanceOf(IOException.class);
    assertThat(adwin.width()).isZero();
  }

  @Test
  void aStateWithMoreBucketsThanTheSettingsHaveIsRefused() throws IOException {
    Adwin five = new Adwin(Adwin.Settings.river(0.002));
    for (int i = 0; i < 5; i++) {
      five.observe(i);
    }
    Adwin three = new Adwin(new Adwin.Settings(0.002, 32, 3, 5, 10, 1000, 0, true, Direction.BOTH));
    byte[] state = bytes(five);

    assertThatThrownBy(() -> restore(three, state)).isInstanceOf(IOException.class);
  }

  private static byte[] bytes(Adwin adwin) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    adwin.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static void restore(Adwin adwin, byte[] state) throws IOException {
    adwin.readFrom(new DataInputStream(new ByteArrayInputStream(state)));
  }

  /** The reading of the first alarm, or of the last observation. */
  private static Reading firstAlarm(Adwin adwin, int before, int after, double low, double high) {
    Random random = new Random(1);
    Reading reading = Reading.SILENT;
    for (int i = 0; i < before + after && !reading.alarm(); i++) {
      reading = adwin.observe((i < before ? low : high) + 0.1 * random.nextGaussian());
    }
    return reading;
  }
}
