package io.attribution.stream.pending;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Strings as {@link java.io.DataOutput#writeUTF} writes them: two bytes of length, then one to
 * three bytes per char.
 */
final class ModifiedUtf8 {
  static final int MAX_BYTES = 0xFFFF;

  private static final int LAST_OF_TWO_BYTES = 0x7FF;

  private ModifiedUtf8() {}

  /**
   * The size of a text in bytes, without its length prefix; at most {@link #MAX_BYTES} can be
   * written.
   */
  static long bytes(String text) {
    long size = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isOneByte(c)) {
        size += c <= LAST_OF_TWO_BYTES ? 1 : 2;
      }
    }
    return size;
  }

  /**
   * @throws UTFDataFormatException when the text takes more than 65,535 bytes
   */
  static void put(ByteBuffer out, String text) throws UTFDataFormatException {
    long size = bytes(text);
    if (size > MAX_BYTES) {
      throw new UTFDataFormatException("a string takes " + size + " bytes, " + MAX_BYTES + " fit");
    }
    int start = out.position();
    out.putShort((short) 0);
    for (int i = 0; i < text.length(); i++) {
      put(out, text.charAt(i));
    }
    out.putShort(start, (short) (out.position() - start - Short.BYTES));
  }

  private static void put(ByteBuffer out, char c) {
    if (isOneByte(c)) {
      out.put((byte) c);
    } else if (c <= LAST_OF_TWO_BYTES) {
      out.put((byte) (0xC0 | (c >> 6))).put(continuation(c));
    } else {
      out.put((byte) (0xE0 | (c >> 12))).put(continuation(c >> 6)).put(continuation(c));
    }
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3F));
  }

  /** The zero char takes two bytes, so that no byte of a text is zero. */
  private static boolean isOneByte(char c) {
    return c >= 1 && c <= 0x7F;
  }

  /**
   * Reads what {@link #put} wrote.
   *
   * @param in backed by an array
   * @throws IOException when the bytes are no modified UTF-8
   * @throws BufferUnderflowException when the text is longer than the buffer
   */
  static String get(ByteBuffer in) throws IOException {
    int size = Short.toUnsignedInt(in.getShort());
    if (size > in.remaining()) {
      throw new BufferUnderflowException();
    }
    int start = in.arrayOffset() + in.position() - Short.BYTES;
    in.position(in.position() + size);
    ByteArrayInputStream text = new ByteArrayInputStream(in.array(), start, Short.BYTES + size);
    return new DataInputStream(text).readUTF();
  }
}
