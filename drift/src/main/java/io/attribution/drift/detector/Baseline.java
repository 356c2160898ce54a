package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Mean and standard deviation of the levels while nothing is wrong.
 *
 * @param mean finite, in decades
 * @param sigma positive, in decades
 * @param observations that both were learned from, 1 or more
 */
record Baseline(double mean, double sigma, int observations) {

  /** One-sided 90 %: nine of ten learned baselines are no more wrong than is allowed for. */
  private static final double CONFIDENCE = 1.2815515655446004;

  Baseline {
    if (!(Double.isFinite(mean) && sigma > 0 && Double.isFinite(sigma) && observations > 0)) {
      throw new IllegalArgumentException(
          "no baseline: mean " + mean + ", sigma " + sigma + ", observations " + observations);
    }
  }

  double standardise(double value) {
    return (value - mean) / sigma;
  }

  /** By how many sigma the mean may be wrong. */
  double allowance() {
    return CONFIDENCE / Math.sqrt(observations);
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeDouble(mean);
    out.writeDouble(sigma);
    out.writeInt(observations);
  }

  static Baseline readFrom(DataInput in) throws IOException {
    double mean = in.readDouble();
    double sigma = in.readDouble();
    int observations = in.readInt();
    try {
      return new Baseline(mean, sigma, observations);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Mean and deviation while they are learned (Welford). Too small a sigma causes false alarms, so
   * it is the upper end of its 90 % confidence interval (χ² by Wilson and Hilferty, within 1 % from
   * 10 values on) and never below the floor.
   */
  static final class Learning {
    private int count;
    private double mean;
    private double squares;

    void add(double value) {
      count++;
      double before = value - mean;
      mean += before / count;
      squares += before * (value - mean);
    }

    int count() {
      return count;
    }

    Baseline baseline(double sigmaFloor) {
      double sigma = count < 2 ? 0 : Math.sqrt(squares / lowChiSquare(count - 1));
      return new Baseline(mean, Math.max(sigmaFloor, sigma), count);
    }

    /** The 10 % quantile of χ². */
    private static double lowChiSquare(double freedom) {
      double variance = 2 / (9 * freedom);
      double root = 1 - variance - CONFIDENCE * Math.sqrt(variance);
      return freedom * root * root * root;
    }

    void writeTo(DataOutput out) throws IOException {
      out.writeInt(count);
      out.writeDouble(mean);
      out.writeDouble(squares);
    }

    static Learning readFrom(DataInput in) throws IOException {
      Learning learning = new Learning();
      learning.count = in.readInt();
      learning.mean = in.readDouble();
      learning.squares = in.readDouble();
      return learning;
    }
  }
}
