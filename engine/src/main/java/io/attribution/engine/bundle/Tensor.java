package io.attribution.engine.bundle;

import java.util.Arrays;
import java.util.List;

/** A float32 tensor in Java memory: row-major values and their shape. The values are not copied. */
public final class Tensor {
  private final List<Integer> shape;
  private final float[] values;

  /**
   * @param shape the sizes of the axes; their product is the number of values
   * @param values row-major
   */
  public Tensor(List<Integer> shape, float[] values) {
    this.shape = List.copyOf(shape);
    this.values = values;
    if (values.length != size(shape)) {
      throw new IllegalArgumentException(values.length + " values do not fill shape " + shape);
    }
  }

  /** A vector, shape [values.length]. */
  public static Tensor vector(float... values) {
    return new Tensor(List.of(values.length), values);
  }

  public List<Integer> shape() {
    return shape;
  }

  /** Row-major; not copied, not to be changed. */
  public float[] values() {
    return values;
  }

  public int rank() {
    return shape.size();
  }

  /** The size of one axis. */
  public int size(int axis) {
    return shape.get(axis);
  }

  /** The place of a value on every axis. */
  List<Integer> position(int value) {
    Integer[] position = new Integer[rank()];
    int rest = value;
    for (int axis = rank() - 1; axis >= 0; axis--) {
      position[axis] = rest % size(axis);
      rest /= size(axis);
    }
    return List.of(position);
  }

  /** A row of a matrix; a copy. */
  public float[] row(int row) {
    return Arrays.copyOfRange(values, row * size(1), (row + 1) * size(1));
  }

  /**
   * @throws ArithmeticException when there are more values than an array can hold
   */
  static int size(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && shape.equals(that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "float32" + shape;
  }
}
