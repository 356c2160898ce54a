package io.attribution.stream.serde;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at little-endian float32 values within a byte array, at any alignment. */
final class LittleEndianFloats {
  private static final VarHandle FLOAT = view(float[].class);
  private static final VarHandle PAIR = view(long[].class);

  /** NaN and infinity have all exponent bits set, in either float of a pair. */
  private static final long EXPONENTS = 0x7F80_0000_7F80_0000L;

  /** Added to a full exponent, carries into the sign bit; to any other, it does not. */
  private static final long CARRY = 0x0080_0000_0080_0000L;

  private static final long SIGNS = 0x8000_0000_8000_0000L;

  /** Floats that one round of the fast scan looks at: four pairs. */
  private static final int ROUND = 8;

  private LittleEndianFloats() {}

  static float get(byte[] bytes, int position) {
    return (float) FLOAT.get(bytes, position);
  }

  /**
   * The index of the first NaN or infinity, in floats; {@code count} when there is none.
   *
   * @param position index of the first float's first byte
   * @param count floats to look at
   */
  static int firstNotFinite(byte[] bytes, int position, int count) {
    int fast = count - count % ROUND;
    if (!allFinite(bytes, position, position + fast * Float.BYTES)) {
      fast = 0;
    }
    for (int i = fast; i < count; i++) {
      if (!Float.isFinite(get(bytes, position + i * Float.BYTES))) {
        return i;
      }
    }
    return count;
  }

  /** Four independent sums keep a CPU busy that a branch or a single sum per float does not. */
  private static boolean allFinite(byte[] bytes, int from, int to) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    for (int at = from; at < to; at += ROUND * Float.BYTES) {
      a |= exponents(bytes, at);
      b |= exponents(bytes, at + Long.BYTES);
      c |= exponents(bytes, at + 2 * Long.BYTES);
      d |= exponents(bytes, at + 3 * Long.BYTES);
    }
    return ((a | b | c | d) & SIGNS) == 0;
  }

  private static long exponents(byte[] bytes, int position) {
    return ((long) PAIR.get(bytes, position) & EXPONENTS) + CARRY;
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }
}
