package io.attribution.engine.internal.kernel;

import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.LayerSpec.Flatten;
import io.attribution.engine.bundle.LayerSpec.LayerNormDetached;
import io.attribution.engine.bundle.LayerSpec.LeakyRelu;
import io.attribution.engine.bundle.LayerSpec.Linear;
import io.attribution.engine.bundle.LayerSpec.Prelu;
import io.attribution.engine.bundle.LayerSpec.Relu;
import io.attribution.engine.bundle.LayerSpec.Residual;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Draws encoders from all layers there are, in any order. */
final class RandomEncoder {
  private static final int MAX_BLOCKS = 5;

  private final Random random;
  private final int widest;

  /**
   * @param widest the most inputs, features and units of a layer
   */
  RandomEncoder(Random random, int widest) {
    this.random = random;
    this.widest = widest;
  }

  ModelBundle bundle() {
    int inputs = width();
    Sequence encoder = new Sequence(inputs);
    if (chance(0.3)) {
      encoder.layers.add(new Flatten());
    }
    for (int blocks = random.nextInt(MAX_BLOCKS + 1); blocks > 0; blocks--) {
      encoder.block(2);
    }
    if (encoder.layers.isEmpty()) {
      encoder.linear(width());
    }
    return bundle(inputs, encoder);
  }

  /**
   * Linear layers with activations.
   *
   * @param widths the inputs, then the units of every layer
   */
  ModelBundle perceptron(int... widths) {
    Sequence encoder = new Sequence(widths[0]);
    for (int i = 1; i < widths.length; i++) {
      encoder.linear(widths[i]);
      encoder.activation();
    }
    return bundle(widths[0], encoder);
  }

  private ModelBundle bundle(int inputs, Sequence encoder) {
    Optional<Tensor> components =
        chance(0.6) ? Optional.of(matrix(inputs, width())) : Optional.empty();
    int features = components.map(c -> c.size(1)).orElse(inputs);
    return new ModelBundle(
        Path.of("."),
        "random",
        "1",
        "",
        1e-3,
        List.of(inputs),
        Collections.nCopies(features, "feature"),
        Collections.nCopies(encoder.width, "output"),
        new Preprocessing(
            chance(0.5) ? Optional.of(gaussian(List.of(features), 1)) : Optional.empty(),
            chance(0.5) ? Optional.of(deviations(features)) : Optional.empty(),
            components),
        Optional.empty(),
        Optional.of(List.copyOf(encoder.layers)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        chance(0.5) ? ContributionMethod.AFFINE : ContributionMethod.JACOBIAN);
  }

  FloatMatrix rows(int count, int columns) {
    FloatMatrix rows = FloatMatrix.allocateDirect(count, columns);
    for (int row = 0; row < count; row++) {
      rows.setRow(row, gaussian(List.of(columns), 1).values());
    }
    return rows;
  }

  /** Layers one after the other; every activation and normalisation may come at any place. */
  private final class Sequence {
    private final List<LayerSpec> layers = new ArrayList<>();
    private int width;

    Sequence(int width) {
      this.width = width;
    }

    /**
     * @param depth how far residual blocks may be nested
     */
    void block(int depth) {
      switch (random.nextInt(8)) {
        case 0, 1 -> linear(width());
        case 2 -> activation();
        case 3 -> norm();
        case 4 -> {
          linear(width());
          norm();
          activation();
        }
        case 5 -> {
          norm();
          linear(width());
        }
        default -> {
          if (depth > 0) {
            residual(depth);
          } else {
            activation();
          }
        }
      }
    }

    void linear(int outputs) {
      Optional<Tensor> bias =
          chance(0.5) ? Optional.of(gaussian(List.of(outputs), 0.5)) : Optional.empty();
      layers.add(new Linear(matrix(outputs, width), bias));
      width = outputs;
    }

    private void activation() {
      layers.add(
          switch (random.nextInt(4)) {
            case 0 -> new Relu();
            case 1 -> new LeakyRelu(slope());
            case 2 -> new Prelu(Tensor.vector(slope()));
            default -> new Prelu(slopes());
          });
    }

    private Tensor slopes() {
      float[] slopes = new float[width];
      for (int i = 0; i < width; i++) {
        slopes[i] = slope();
      }
      return Tensor.vector(slopes);
    }

    private void norm() {
      float[] scale = gaussian(List.of(width), 1).values();
      for (int i = 0; i < width; i++) {
        scale[i] = chance(0.1) ? 0 : scale[i];
      }
      layers.add(new LayerNormDetached(Tensor.vector(scale), chance(0.5) ? 1e-12 : 1e-3));
    }

    private void residual(int depth) {
      Sequence inner = new Sequence(width);
      for (int blocks = 1 + random.nextInt(3); blocks > 0; blocks--) {
        inner.block(depth - 1);
      }
      if (inner.width != width) {
        inner.linear(width);
      }
      layers.add(new Residual(List.copyOf(inner.layers)));
    }
  }

  private float slope() {
    float[] slopes = {0, -0.5f, 0.01f, 1, (float) random.nextGaussian()};
    return slopes[random.nextInt(slopes.length)];
  }

  /** Rows of about unit length. */
  private Tensor matrix(int outputs, int inputs) {
    return gaussian(List.of(outputs, inputs), 1 / Math.sqrt(inputs));
  }

  private Tensor gaussian(List<Integer> shape, double deviation) {
    float[] values = new float[shape.stream().reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return new Tensor(shape, values);
  }

  private Tensor deviations(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 0.5f + random.nextFloat();
    }
    return Tensor.vector(values);
  }

  private int width() {
    return 1 + random.nextInt(widest);
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }
}
