package io.attribution.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.detector.CusumDetector;
import io.attribution.drift.detector.CusumSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DetectorStateTest {
  private static final CusumSettings SETTINGS = new CusumSettings(1e6, 3, 10, 0.1, 1e-5);
  private static final CusumSettings OTHERS = new CusumSettings(1e6, 2, 10, 0.1, 1e-5);

  private final CusumDetector used = new CusumDetector(SETTINGS);

  DetectorStateTest() {
    for (int i = 0; i < 20; i++) {
      used.observe(i < 15 ? 1e-4 : 2e-4);
    }
  }

  private static byte[] written(Optional<CusumDetector> detector) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    DetectorState.write(out, detector);
    out.writeUTF("what follows");
    return bytes.toByteArray();
  }

  private static Optional<CusumDetector> read(byte[] bytes, Optional<CusumSettings> settings)
      throws IOException {
    Optional<CusumDetector> detector = settings.map(CusumDetector::new);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    DetectorState.read(in, detector);
    assertThat(in.readUTF()).isEqualTo("what follows");
    return detector;
  }

  private static byte[] state(Optional<CusumDetector> detector) {
    return detector.orElseThrow().toBytes();
  }

  private static byte[] unused() {
    return new CusumDetector(SETTINGS).toBytes();
  }

  @Test
  void isRestoredUnderTheSameSettings() throws IOException {
    byte[] bytes = written(Optional.of(used));

    assertThat(state(read(bytes, Optional.of(SETTINGS)))).isEqualTo(used.toBytes());
  }

  @Test
  void isNotRestoredUnderOtherSettings() throws IOException {
    byte[] bytes = written(Optional.of(used));

    assertThat(state(read(bytes, Optional.of(OTHERS)))).isEqualTo(unused());
  }

  @Test
  void mayBeSwitchedOffAndOn() throws IOException {
    assertThat(read(written(Optional.of(used)), Optional.empty())).isEmpty();
    assertThat(state(read(written(Optional.empty()), Optional.of(SETTINGS)))).isEqualTo(unused());
  }

  @Test
  void aStateThatCannotBeReadIsSkipped() throws IOException {
    byte[] bytes = written(Optional.of(used));
    int state = bytes.length - used.toBytes().length - "what follows".length() - Short.BYTES;
    bytes[state] = 99; // a later version

    assertThat(state(read(bytes, Optional.of(SETTINGS)))).isEqualTo(unused());
  }
}
