package io.attribution.engine.internal.kernel;

import io.attribution.engine.bundle.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** The constant arrays of a program; its text calls them w[0], w[1], and so on. */
final class Operands {
  private final List<Operand> operands = new ArrayList<>();
  private final IdentityHashMap<Matrix, String> plain = new IdentityHashMap<>();
  private final IdentityHashMap<Matrix, String> packed = new IdentityHashMap<>();

  /** A vector or a table as it is. */
  String add(List<Integer> shape, double[] values) {
    return add(new Operand(shape, values, false));
  }

  String add(Tensor tensor) {
    double[] values = new double[tensor.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.values()[i];
    }
    return add(tensor.shape(), values);
  }

  String add(Matrix matrix) {
    return plain.computeIfAbsent(matrix, m -> add(operand(m, false)));
  }

  /** A matrix in the layout that the engine's products like best. */
  String addPacked(Matrix matrix) {
    return packed.computeIfAbsent(matrix, m -> add(operand(m, true)));
  }

  private static Operand operand(Matrix matrix, boolean packed) {
    return new Operand(List.of(matrix.outputs(), matrix.inputs()), matrix.values(), packed);
  }

  private String add(Operand operand) {
    operands.add(operand);
    return "w[" + (operands.size() - 1) + "]";
  }

  List<Operand> all() {
    return List.copyOf(operands);
  }
}
