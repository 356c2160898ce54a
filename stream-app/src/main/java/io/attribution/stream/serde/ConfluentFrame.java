package io.attribution.stream.serde;

import java.nio.ByteBuffer;

/**
 * Confluent's wire format: a zero byte, the schema id as four big-endian bytes, then the record.
 */
public final class ConfluentFrame {
  public static final int HEADER_BYTES = 5;
  private static final byte MAGIC = 0;

  private ConfluentFrame() {}

  static boolean isFramed(byte[] value) {
    return value.length >= HEADER_BYTES && value[0] == MAGIC;
  }

  static int schemaId(byte[] value) {
    return ByteBuffer.wrap(value).getInt(1);
  }

  static byte[] header(int schemaId) {
    return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(schemaId).array();
  }
}
