package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The first byte of every state. */
final class StateFormat {
  private static final int VERSION = 1;

  private StateFormat() {}

  static void write(DataOutput out) throws IOException {
    out.writeByte(VERSION);
  }

  static void read(DataInput in, String detector) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException(detector + ": state of version " + version + ", not " + VERSION);
    }
  }

  static IOException foreign(String detector) {
    return new IOException(detector + ": the state is not one of these settings");
  }
}
