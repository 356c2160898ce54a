package io.attribution.engine.bundle;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Numbers in float64, while a graph's constants are folded. Immutable. */
final class Vector {
  private final double[] numbers;

  private Vector(double[] numbers) {
    this.numbers = numbers;
  }

  static Vector of(int size, IntToDoubleFunction number) {
    double[] numbers = new double[size];
    Arrays.setAll(numbers, number);
    return new Vector(numbers);
  }

  static Vector of(int size, double number) {
    return of(size, i -> number);
  }

  static Vector of(Tensor tensor) {
    return of(tensor.values().length, i -> tensor.values()[i]);
  }

  int size() {
    return numbers.length;
  }

  double get(int i) {
    return numbers[i];
  }

  Vector times(Vector other) {
    return of(size(), i -> numbers[i] * other.numbers[i]);
  }

  Vector times(double factor) {
    return of(size(), i -> numbers[i] * factor);
  }

  Vector plus(Vector other) {
    return of(size(), i -> numbers[i] + other.numbers[i]);
  }

  boolean isAll(double number) {
    return Arrays.stream(numbers).allMatch(n -> n == number);
  }

  /** In float32. */
  Tensor tensor(List<Integer> shape) {
    float[] values = new float[size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) numbers[i];
    }
    return new Tensor(shape, values);
  }
}
