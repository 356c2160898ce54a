package io.attribution.drift;

import io.attribution.detector.Detector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/** The states of some detectors by their names, so that the choice of detectors may change. */
final class DetectorStates {
  private DetectorStates() {}

  static void write(DataOutput out, List<Detector> detectors) throws IOException {
    out.writeInt(detectors.size());
    for (Detector detector : detectors) {
      ByteArrayOutputStream state = new ByteArrayOutputStream();
      detector.writeTo(new DataOutputStream(state));
      out.writeUTF(detector.name());
      out.writeInt(state.size());
      out.write(state.toByteArray());
    }
  }

  static void read(DataInput in, List<Detector> detectors) throws IOException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      byte[] state = new byte[in.readInt()];
      in.readFully(state);
      for (Detector detector : detectors) {
        if (detector.name().equals(name)) {
          detector.readFrom(new DataInputStream(new ByteArrayInputStream(state)));
        }
      }
    }
  }
}
