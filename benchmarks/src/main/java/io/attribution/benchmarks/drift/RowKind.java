package io.attribution.benchmarks.drift;

import java.util.random.RandomGenerator;

/** What the values of a feature are like from row to row; mean 0, deviation 1. */
enum RowKind {
  NORMAL("normal"),
  MEMORY("normal, AR(0.5)") {
    @Override
    double next(double before, RandomGenerator random) {
      return CORRELATION * before
          + Math.sqrt(1 - CORRELATION * CORRELATION) * random.nextGaussian();
    }
  },
  HEAVY("Student (3)") {
    @Override
    double next(double before, RandomGenerator random) {
      return student(random) / Math.sqrt(FREEDOM / (FREEDOM - 2.0));
    }
  },
  /** As the default reduction has it: the size of a contribution, without its sign. */
  UNSIGNED("normal, l2") {
    @Override
    double reduced(double contribution) {
      return Math.abs(contribution);
    }
  };

  private static final double CORRELATION = 0.5;
  private static final int FREEDOM = 3;

  private final String description;

  RowKind(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /**
   * @param before the row before
   */
  double next(double before, RandomGenerator random) {
    return random.nextGaussian();
  }

  /** What the watch sees of a contribution to the only output. */
  double reduced(double contribution) {
    return contribution;
  }

  private static double student(RandomGenerator random) {
    double squares = 0;
    for (int i = 0; i < FREEDOM; i++) {
      double x = random.nextGaussian();
      squares += x * x;
    }
    return random.nextGaussian() / Math.sqrt(squares / FREEDOM);
  }
}
