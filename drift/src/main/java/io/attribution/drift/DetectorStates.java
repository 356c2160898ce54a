package io.attribution.drift;

import io.attribution.drift.detector.Detector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * The states of some detectors by their names, so that the choice of detectors may change, and
 * under the name of their settings: a state means nothing under others.
 */
final class DetectorStates {
  private DetectorStates() {}

  static void write(DataOutput out, String settings, List<Detector> detectors) throws IOException {
    out.writeUTF(settings);
    out.writeInt(detectors.size());
    for (Detector detector : detectors) {
      ByteArrayOutputStream state = new ByteArrayOutputStream();
      detector.writeTo(new DataOutputStream(state));
      out.writeUTF(detector.name());
      out.writeInt(state.size());
      out.write(state.toByteArray());
    }
  }

  /** Detectors whose state is missing, of other settings, or unreadable begin anew. */
  static void read(DataInput in, String settings, List<Detector> detectors) throws IOException {
    detectors.forEach(Detector::reset);
    boolean same = in.readUTF().equals(settings);
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      byte[] state = new byte[in.readInt()];
      in.readFully(state);
      if (same) {
        detectors.stream()
            .filter(detector -> detector.name().equals(name))
            .forEach(detector -> restore(detector, state));
      }
    }
  }

  private static void restore(Detector detector, byte[] state) {
    try {
      detector.readFrom(new DataInputStream(new ByteArrayInputStream(state)));
    } catch (IOException | RuntimeException e) {
      // The others' states are good: only this one has to learn again.
      detector.reset();
    }
  }
}
