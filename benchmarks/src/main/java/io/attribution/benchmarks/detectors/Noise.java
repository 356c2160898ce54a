package io.attribution.benchmarks.detectors;

import java.util.random.RandomGenerator;

/** What the noise of a stream without a shift is; its deviation is 1. */
enum Noise {
  KNOWN("normal, baseline known"),
  LEARNED("normal, baseline learned"),
  HEAVY("Student (5), baseline learned");

  private static final int FREEDOM = 5;

  private final String description;

  Noise(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  double draw(RandomGenerator random) {
    return this == HEAVY
        ? HealthyErrors.student(FREEDOM, random) * Math.sqrt((FREEDOM - 2.0) / FREEDOM)
        : random.nextGaussian();
  }
}
