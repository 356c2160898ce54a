package io.attribution.drift;

import io.attribution.engine.attribution.ExplainedRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** A sampled record, explained. */
public final class SampleRow extends ExplainedRow {
  private final Origin origin;
  private final long timestamp;

  /**
   * @param timestamp event time in milliseconds
   * @param features raw, D values
   * @param reduced reduced contributions, D values
   */
  public SampleRow(Origin origin, long timestamp, float[] features, float[] reduced) {
    super(features, reduced);
    this.origin = origin;
    this.timestamp = timestamp;
  }

  Origin origin() {
    return origin;
  }

  public long timestamp() {
    return timestamp;
  }

  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(origin.topic());
      out.writeInt(origin.partition());
      out.writeLong(origin.offset());
      out.writeLong(timestamp);
      out.writeInt(size());
      out.write(bytes(features()));
      out.write(bytes(reduced()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IOException when the bytes are not those of {@link #toBytes}
   */
  public static SampleRow of(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    Origin origin = new Origin(in.readUTF(), in.readInt(), in.readLong());
    long timestamp = in.readLong();
    int size = in.readInt();
    return new SampleRow(origin, timestamp, floats(in, size), floats(in, size));
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private static float[] floats(DataInputStream in, int size) throws IOException {
    byte[] bytes = new byte[Math.multiplyExact(size, Float.BYTES)];
    in.readFully(bytes);
    float[] values = new float[size];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }
}
