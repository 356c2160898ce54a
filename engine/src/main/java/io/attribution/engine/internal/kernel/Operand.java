package io.attribution.engine.internal.kernel;

import java.util.List;

/** A constant array of a program, rounded to the program's precision when it is loaded. */
public final class Operand {
  private final List<Integer> shape;
  private final double[] values;
  private final boolean packed;

  Operand(List<Integer> shape, double[] values, boolean packed) {
    this.shape = List.copyOf(shape);
    this.values = values;
    this.packed = packed;
  }

  public List<Integer> shape() {
    return shape;
  }

  /** Row-major; not copied, not to be changed. */
  public double[] values() {
    return values;
  }

  /** Whether the program's {@code pack} turns it into the layout of the engine's products. */
  public boolean packed() {
    return packed;
  }
}
