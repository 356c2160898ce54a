package io.attribution.benchmarks.pipeline;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages that the application wrote, to be written again: the same sizes and as well
 * compressible.
 */
record Payloads(List<Pair> pairs) {
  Payloads {
    pairs = List.copyOf(pairs);
    if (pairs.isEmpty()) {
      throw new BenchFailure("no outputs of the application to pass on");
    }
  }

  /** The two outputs of one record; not copied. */
  static final class Pair {
    private final byte[] projected;
    private final byte[] reduced;

    Pair(byte[] projected, byte[] reduced) {
      this.projected = projected;
      this.reduced = reduced;
    }

    byte[] projected() {
      return projected;
    }

    byte[] reduced() {
      return reduced;
    }
  }

  void write(Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(pairs.size());
      for (Pair pair : pairs) {
        write(out, pair.projected());
        write(out, pair.reduced());
      }
    }
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static Payloads read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      int count = in.readInt();
      List<Pair> pairs = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        byte[] projected = in.readNBytes(in.readInt());
        pairs.add(new Pair(projected, in.readNBytes(in.readInt())));
      }
      return new Payloads(pairs);
    }
  }
}
