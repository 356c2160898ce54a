package io.attribution.engine.bundle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A constant of an encoder's graph: float32 as weights are, or int64 or bool as indices and masks
 * are. Infinite where a mask says so.
 */
public final class GraphTensor {
  private final Type type;
  private final List<Integer> shape;
  private final ByteBuffer bytes;

  /** What its numbers are. */
  public enum Type {
    FLOAT32(Float.BYTES),
    INT64(Long.BYTES),
    BOOL(1);

    private final int width;

    Type(int width) {
      this.width = width;
    }

    /** Bytes of a number. */
    int width() {
      return width;
    }
  }

  /**
   * @param shape the sizes of the axes; none for a single number
   * @param bytes row-major, little-endian; not copied
   */
  GraphTensor(Type type, List<Integer> shape, ByteBuffer bytes) {
    this.type = type;
    this.shape = List.copyOf(shape);
    this.bytes = bytes.asReadOnlyBuffer();
    if (bytes.remaining() != (long) Tensor.size(shape) * type.width()) {
      throw new IllegalArgumentException(bytes.remaining() + " bytes do not fill shape " + shape);
    }
  }

  /** Of int64, [places.length]. */
  public static GraphTensor indices(long... places) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(places.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(places);
    return new GraphTensor(Type.INT64, List.of(places.length), bytes);
  }

  public Type type() {
    return type;
  }

  public List<Integer> shape() {
    return shape;
  }

  /** Row-major, little-endian, not to be changed; a view with a position of its own. */
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Whether its numbers are numbers, and its truth values 0 or 1, which libtorch takes on trust.
   */
  boolean isSound() {
    ByteBuffer rest = bytes();
    boolean sound = true;
    while (type != Type.INT64 && sound && rest.hasRemaining()) {
      sound = type == Type.FLOAT32 ? !Float.isNaN(rest.getFloat()) : (rest.get() & ~1) == 0;
    }
    return sound;
  }

  /** As weights; nothing where it holds no float32 numbers. A copy. */
  public Optional<Tensor> floats() {
    if (type != Type.FLOAT32) {
      return Optional.empty();
    }
    FloatBuffer values = FloatBuffer.allocate(Tensor.size(shape)).put(bytes().asFloatBuffer());
    return Optional.of(new Tensor(shape, values.array()));
  }

  @Override
  public String toString() {
    return type + " " + shape;
  }
}
