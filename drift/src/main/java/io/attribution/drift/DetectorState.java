package io.attribution.drift;

import io.attribution.drift.detector.CusumDetector;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/**
 * The stored form of the detector's state: the key of its settings, then how many states follow,
 * each with the detector's name and its length. Earlier versions had several detectors; of their
 * states the CUSUM's is restored, the others are skipped.
 */
final class DetectorState {
  private DetectorState() {}

  static void write(DataOutput out, Optional<CusumDetector> detector) throws IOException {
    out.writeUTF(key(detector));
    out.writeInt(detector.isPresent() ? 1 : 0);
    if (detector.isPresent()) {
      byte[] state = detector.get().toBytes();
      out.writeUTF(CusumDetector.NAME);
      out.writeInt(state.length);
      out.write(state);
    }
  }

  /**
   * @param detector new; stays so where no state of these settings can be read
   */
  static void read(DataInput in, Optional<CusumDetector> detector) throws IOException {
    boolean sameSettings = in.readUTF().equals(key(detector));
    int states = in.readInt();
    for (int i = 0; i < states; i++) {
      String name = in.readUTF();
      byte[] state = new byte[in.readInt()];
      in.readFully(state);
      if (sameSettings && name.equals(CusumDetector.NAME)) {
        detector.ifPresent(cusum -> restore(cusum, state));
      }
    }
  }

  private static void restore(CusumDetector detector, byte[] state) {
    try {
      detector.restore(state);
    } catch (IOException e) {
      // The baseline is learned again; the open alert stored beside it must not be lost with it.
    }
  }

  private static String key(Optional<CusumDetector> detector) {
    return detector.map(cusum -> cusum.settings().key()).orElse("");
  }
}
