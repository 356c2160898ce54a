package io.attribution.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.detector.Baseline;
import io.attribution.drift.detector.BaselineSource;
import io.attribution.drift.detector.Detector;
import io.attribution.drift.detector.DetectorKind;
import io.attribution.drift.detector.Direction;
import io.attribution.drift.detector.Sensitivity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectorStatesTest {
  private static final Sensitivity WANTED = new Sensitivity(1e6, 3, Direction.UP);
  private static final BaselineSource SOURCE = BaselineSource.of(Baseline.known(0, 1));
  private static final String SETTINGS = "these";

  private final List<Detector> fresh = detectors();
  private final List<Detector> used = detectors();

  private static List<Detector> detectors() {
    return List.of(
        DetectorKind.CUSUM.create(WANTED, SOURCE), DetectorKind.EWMA.create(WANTED, SOURCE));
  }

  private static byte[] states(List<Detector> detectors) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DetectorStates.write(new DataOutputStream(bytes), SETTINGS, detectors);
    return bytes.toByteArray();
  }

  private static byte[] state(Detector detector) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    detector.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static List<Detector> read(byte[] bytes, String settings) throws IOException {
    List<Detector> detectors = detectors();
    DetectorStates.read(new DataInputStream(new ByteArrayInputStream(bytes)), settings, detectors);
    return detectors;
  }

  private void use() {
    for (int i = 0; i < 5; i++) {
      used.forEach(detector -> detector.observe(1));
    }
  }

  @Test
  void goOnUnderTheSameSettings() throws IOException {
    use();

    List<Detector> restored = read(states(used), SETTINGS);

    assertThat(state(restored.get(0))).isEqualTo(state(used.get(0)));
    assertThat(state(restored.get(1))).isEqualTo(state(used.get(1)));
  }

  @Test
  void beginAnewUnderOtherSettings() throws IOException {
    use();

    List<Detector> restored = read(states(used), "others");

    assertThat(state(restored.get(0))).isEqualTo(state(fresh.get(0)));
    assertThat(state(restored.get(1))).isEqualTo(state(fresh.get(1)));
  }

  @Test
  void aStateThatCannotBeReadIsTheOnlyOneThatIsLost() throws IOException {
    use();
    byte[] bytes = states(used);
    byte[] cusum = state(used.get(0));
    int at = indexOf(bytes, cusum);
    bytes[at] = 99; // a version that nobody knows

    List<Detector> restored = read(bytes, SETTINGS);

    assertThat(state(restored.get(0))).isEqualTo(state(fresh.get(0)));
    assertThat(state(restored.get(1))).isEqualTo(state(used.get(1)));
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    int at = 0;
    while (!Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
      at++;
    }
    return at;
  }
}
