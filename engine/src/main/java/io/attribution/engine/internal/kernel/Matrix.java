package io.attribution.engine.internal.kernel;

import io.attribution.engine.bundle.Tensor;

/**
 * A constant linear map in Java memory, row-major [outputs, inputs]. Folding computes in float64:
 * what is folded is rounded once.
 */
final class Matrix {
  private final int outputs;
  private final int inputs;
  private final double[] values;

  private Matrix(int outputs, int inputs, double[] values) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.values = values;
  }

  /**
   * @param weight [outputs, inputs]
   */
  static Matrix of(Tensor weight) {
    double[] values = new double[weight.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = weight.values()[i];
    }
    return new Matrix(weight.size(0), weight.size(1), values);
  }

  /** A constant vector as a map of the number 1, [size, 1]. */
  static Matrix column(Tensor vector) {
    double[] values = new double[vector.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = vector.values()[i];
    }
    return new Matrix(values.length, 1, values);
  }

  static Matrix identity(int size) {
    double[] values = new double[Math.multiplyExact(size, size)];
    for (int i = 0; i < size; i++) {
      values[i * size + i] = 1;
    }
    return new Matrix(size, size, values);
  }

  int outputs() {
    return outputs;
  }

  int inputs() {
    return inputs;
  }

  /** Row-major [outputs, inputs]; not copied, not to be changed. */
  double[] values() {
    return values;
  }

  Matrix transposed() {
    double[] turned = new double[values.length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        turned[i * outputs + o] = values[o * inputs + i];
      }
    }
    return new Matrix(inputs, outputs, turned);
  }

  /** this · diag(scale): the inputs are scaled first. */
  Matrix afterScale(Tensor scale) {
    double[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= scale.values()[i % inputs];
    }
    return new Matrix(outputs, inputs, scaled);
  }

  /** diag(scale) · this: the outputs are scaled. */
  Matrix thenScale(Tensor scale) {
    return transposed().afterScale(scale).transposed();
  }

  /** this · (I − 11ᵀ/inputs): the mean of the inputs is taken off first. */
  Matrix afterCentre() {
    double[] centred = values.clone();
    for (int row = 0; row < outputs; row++) {
      double sum = 0;
      for (int i = 0; i < inputs; i++) {
        sum += values[row * inputs + i];
      }
      for (int i = 0; i < inputs; i++) {
        centred[row * inputs + i] -= sum / inputs;
      }
    }
    return new Matrix(outputs, inputs, centred);
  }

  /** (I − 11ᵀ/outputs) · this: the mean of the outputs is taken off. */
  Matrix thenCentre() {
    return transposed().afterCentre().transposed();
  }

  /** this · first: first, then this. */
  Matrix after(Matrix first) {
    double[] product = new double[Math.multiplyExact(outputs, first.inputs)];
    for (int o = 0; o < outputs; o++) {
      for (int k = 0; k < inputs; k++) {
        double factor = values[o * inputs + k];
        for (int i = 0; i < first.inputs; i++) {
          product[o * first.inputs + i] += factor * first.values[k * first.inputs + i];
        }
      }
    }
    return new Matrix(outputs, first.inputs, product);
  }
}
