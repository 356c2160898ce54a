package io.attribution.benchmarks.drift;

import io.attribution.benchmarks.measure.Figures;
import io.attribution.drift.Origin;
import io.attribution.drift.SampleRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/**
 * Streams of explained rows: a reference, windows without a shift, windows with it. The rows are
 * those of a linear encoder with one output: the contribution of feature k is its value divided by
 * √(k + 1).
 *
 * @param features D
 * @param mean is added to one feature of each stream, in standard deviations
 * @param scale multiplies the feature before
 * @param before windows before the shift
 * @param after windows with it
 */
record Scenario(Kind kind, int features, double mean, double scale, int before, int after) {
  static final int REFERENCE = Watch.DEFAULTS.referenceRows();
  static final int WINDOW = Watch.DEFAULTS.windowRows();

  /** 50 rows per second, the default. */
  private static final long MILLIS_PER_ROW = 20;

  /** How a feature's values follow each other; mean 0, deviation 1. Names are seeds. */
  enum Kind {
    NORMAL("normal"),
    MEMORY("normal, AR(0.5)"),
    HEAVY("Student (3)"),
    /** Contributions without their sign, as the default reduction has them. */
    UNSIGNED("normal, l2");

    /** In tables. */
    final String label;

    Kind(String label) {
      this.label = label;
    }

    private double next(double before, RandomGenerator random) {
      return switch (this) {
        case MEMORY -> 0.5 * before + Math.sqrt(0.75) * random.nextGaussian();
        case HEAVY -> student(random) / Math.sqrt(3.0);
        default -> random.nextGaussian();
      };
    }

    private static double student(RandomGenerator random) {
      double squares = 0;
      for (int i = 0; i < 3; i++) {
        double x = random.nextGaussian();
        squares += x * x;
      }
      return random.nextGaussian() / Math.sqrt(squares / 3);
    }
  }

  static Scenario quiet(Kind kind, int features) {
    return new Scenario(kind, features, 0, 1, 20, 0);
  }

  static Scenario shifted(Kind kind, int features, double mean, double scale) {
    return new Scenario(kind, features, mean, scale, 2, 5);
  }

  String shift() {
    return scale == 1 ? "mean + " + Figures.of(mean) + " σ" : "scale × " + Figures.of(scale);
  }

  /** The first row of the shift. */
  int shiftRow() {
    return REFERENCE + before * WINDOW;
  }

  int rows() {
    return shiftRow() + after * WINDOW;
  }

  /** Depends on kind and number of features, not on the shift. */
  private RandomGenerator random(long seed, int number) {
    return new SplittableRandom(31 * seed + Objects.hash(kind.name(), features, number));
  }

  /** The feature that the shift moves in a stream. */
  int moved(long seed, int number) {
    return random(seed, number).nextInt(features);
  }

  /** The rows of a stream. */
  List<SampleRow> stream(long seed, int number) {
    RandomGenerator random = random(seed, number);
    int moved = random.nextInt(features);
    double[] noise = DoubleStream.generate(random::nextGaussian).limit(features).toArray();
    List<SampleRow> rows = new ArrayList<>();
    for (int row = 0; row < rows(); row++) {
      float[] values = new float[features];
      float[] reduced = new float[features];
      for (int k = 0; k < features; k++) {
        noise[k] = kind.next(noise[k], random);
        double value = k == moved && row >= shiftRow() ? scale * noise[k] + mean : noise[k];
        values[k] = (float) value;
        double contribution = 1 / Math.sqrt(k + 1.0) * value;
        reduced[k] = (float) (kind == Kind.UNSIGNED ? Math.abs(contribution) : contribution);
      }
      rows.add(new SampleRow(new Origin("bench", 0, row), MILLIS_PER_ROW * row, values, reduced));
    }
    return rows;
  }
}
