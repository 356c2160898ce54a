package io.attribution.engine.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Sound inputs, spoilt at random in the ways that find faults in readers of formats: bits, lengths,
 * brackets, pieces that are missing, doubled or of another input. The same random numbers give the
 * same bytes.
 */
public final class Mutation {
  private static final int MOST_STEPS = 6;

  /** Where lengths and signs wrap around. */
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    7,
    255,
    256,
    65_535,
    65_536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 32,
    (1L << 32) - 1
  };

  private static final List<String> TOKENS =
      List.of(
          "[",
          "]",
          "{",
          "}",
          "\"",
          "\\",
          ",",
          ":",
          "\n",
          "\r",
          "\0",
          "\033[31m",
          "[[[[[[[[",
          "{\"a\":",
          "null",
          "true",
          "-",
          "1e999",
          "-0",
          "0.5",
          "NaN",
          "Infinity",
          "\\u0000",
          "\\ud800",
          "\u2028",
          "\ufeff",
          "\u0085",
          "é",
          "99999999999999999999",
          "PK\003\004",
          "PK\001\002",
          "PK\005\006",
          "../",
          "=",
          "#",
          "\"\"",
          "''",
          "${env:HOME}");

  private final List<byte[]> seeds;

  public Mutation(List<byte[]> seeds) {
    this.seeds = List.copyOf(seeds);
  }

  public static Mutation ofText(String... seeds) {
    return new Mutation(Arrays.stream(seeds).map(s -> s.getBytes(StandardCharsets.UTF_8)).toList());
  }

  /** One input. */
  public byte[] next(Random random) {
    byte[] bytes = seed(random).clone();
    int steps = 1 + random.nextInt(MOST_STEPS);
    for (int i = 0; i < steps; i++) {
      bytes = step(bytes, random);
    }
    return bytes;
  }

  private byte[] seed(Random random) {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] step(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, at + 1 + random.nextInt(random.nextInt(10) == 0 ? 999 : 9));
    byte[] nothing = {};
    return switch (random.nextInt(9)) {
      case 0 -> flipped(bytes, random);
      case 1 -> replaced(bytes, at, to, random(to - at, random));
      case 2 -> replaced(bytes, at, at, random(1 + random.nextInt(8), random));
      case 3 -> replaced(bytes, at, to, nothing);
      case 4 -> replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
      case 5 -> replaced(bytes, at, bytes.length, nothing);
      case 6 -> number(bytes, random);
      case 7 -> replaced(bytes, at, random.nextBoolean() ? to : at, token(random));
      default -> spliced(bytes, at, seed(random), random);
    };
  }

  private static byte[] flipped(byte[] bytes, Random random) {
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  /** Over what is there: in a header it is a length, an offset, a count. */
  private static byte[] number(byte[] bytes, Random random) {
    int width = 1 << random.nextInt(4);
    if (bytes.length < width) {
      return bytes;
    }
    ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(order);
    number.putLong(0, NUMBERS[random.nextInt(NUMBERS.length)]);
    int from = order == ByteOrder.LITTLE_ENDIAN ? 0 : Long.BYTES - width;
    int at = random.nextInt(bytes.length - width + 1);
    for (int i = 0; i < width; i++) {
      bytes[at + i] = number.get(from + i);
    }
    return bytes;
  }

  private static byte[] token(Random random) {
    String token = TOKENS.get(random.nextInt(TOKENS.size()));
    int times = random.nextInt(20) == 0 ? 300 : 1;
    return token.repeat(times).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] spliced(byte[] bytes, int at, byte[] other, Random random) {
    int from = random.nextInt(other.length + 1);
    return replaced(bytes, at, bytes.length, Arrays.copyOfRange(other, from, other.length));
  }

  private static byte[] random(int count, Random random) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
    byte[] result = new byte[from + by.length + bytes.length - to];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
    return result;
  }
}
