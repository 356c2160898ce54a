package io.attribution.drift.detector;

/** The normal distribution with mean 0 and deviation 1. */
final class StandardNormal {
  private static final double DENSITY_AT_0 = 1 / Math.sqrt(2 * Math.PI);
  private static final double RATIONAL_BELOW = 7.07106781186547;
  private static final double[] NUMERATOR = {
    3.52624965998911e-2,
    0.700383064443688,
    6.37396220353165,
    33.912866078383,
    112.079291497871,
    221.213596169931,
    220.206867912376
  };
  private static final double[] DENOMINATOR = {
    8.83883476483184e-2,
    1.75566716318264,
    16.064177579207,
    86.7807322029461,
    296.564248779674,
    637.333633378831,
    793.826512519948,
    440.413735824752
  };

  private StandardNormal() {}

  static double density(double x) {
    return DENSITY_AT_0 * StrictMath.exp(-x * x / 2);
  }

  /**
   * P(X ≤ x), to about 1e-14. Source: J. F. Hart's rational approximation as given by G. West,
   * Better approximations to cumulative normal functions, Wilmott (2005).
   */
  static double cumulative(double x) {
    double size = Math.abs(x);
    double tail = StrictMath.exp(-size * size / 2) * scaledTail(size);
    return x > 0 ? 1 - tail : tail;
  }

  private static double scaledTail(double size) {
    if (size < RATIONAL_BELOW) {
      return polynomial(NUMERATOR, size) / polynomial(DENOMINATOR, size);
    }
    double fraction = size + 0.65;
    for (int i = 4; i > 0; i--) {
      fraction = size + i / fraction;
    }
    return DENSITY_AT_0 / fraction;
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (double coefficient : coefficients) {
      sum = sum * x + coefficient;
    }
    return sum;
  }
}
