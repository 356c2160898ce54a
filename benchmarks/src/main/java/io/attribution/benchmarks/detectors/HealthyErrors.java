package io.attribution.benchmarks.detectors;

import java.util.random.RandomGenerator;

/**
 * Relative errors of batches of a healthy exact encoder in float32. Measured ones are 0.6 to 1.6e-6
 * whatever the inputs are; these are drawn to be worse behaved than that, up to the same limit.
 */
enum HealthyErrors {
  ROUNDING("log-normal around 1e-6") {
    @Override
    double next(long index, RandomGenerator random) {
      return batch(1e-6, 0.08 * random.nextGaussian());
    }
  },
  HEAVY_TAILS("log-Student (3 degrees) around 1e-6") {
    @Override
    double next(long index, RandomGenerator random) {
      return batch(1e-6, 0.08 * student(3, random));
    }
  },
  INPUT_SHIFT("inputs shift every 50,000 batches: 0.6e-6 and 1.5e-6 in turns") {
    @Override
    double next(long index, RandomGenerator random) {
      return batch(index / 50_000 % 2 == 0 ? 0.6e-6 : 1.5e-6, 0.08 * random.nextGaussian());
    }
  },
  SCALE_CHANGE("inputs grow and shrink: between 0.6e-6 and 1.5e-6 within 20,000 batches") {
    @Override
    double next(long index, RandomGenerator random) {
      double middle = 0.5 * (Math.log10(0.6e-6) + Math.log10(1.5e-6));
      double swing = 0.2 * Math.sin(2 * Math.PI * index / 20_000);
      return batch(Math.pow(10, middle + swing), 0.08 * random.nextGaussian());
    }
  },
  SINGLE_ROWS("batches of one row: log-Student (3) around 1e-6, up to 1e-4") {
    @Override
    double next(long index, RandomGenerator random) {
      return Math.min(1e-4, 1e-6 * Math.pow(10, 0.3 * student(3, random)));
    }

    @Override
    boolean isPromised() {
      return false;
    }
  };

  private static final double LARGEST = 1.6e-6;

  private final String description;

  HealthyErrors(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** Whether every error is below the floor, so that no alarm is promised. */
  boolean isPromised() {
    return true;
  }

  abstract double next(long index, RandomGenerator random);

  private static double batch(double median, double log10Noise) {
    return Math.min(LARGEST, median * Math.pow(10, log10Noise));
  }

  /** Student's t: a normal number over the root of a mean of squares. */
  static double student(int freedom, RandomGenerator random) {
    double squares = 0;
    for (int i = 0; i < freedom; i++) {
      double x = random.nextGaussian();
      squares += x * x;
    }
    return random.nextGaussian() / Math.sqrt(squares / freedom);
  }
}
