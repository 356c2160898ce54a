package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What is normal: mean and standard deviation of values while nothing is wrong.
 *
 * @param mean in the values' unit
 * @param sigma in the values' unit, positive
 * @param observations how many values it was learned from; 0 when it was known
 */
public record Baseline(double mean, double sigma, int observations) {

  /**
   * One-sided 90 %: in nine of ten cases a learned baseline is no more wrong than is allowed for.
   */
  private static final double CONFIDENCE = 1.2815515655446004;

  public Baseline {
    Finite.require(mean);
    Finite.requirePositive("sigma", sigma);
    Finite.requireNotNegative("observations", observations);
  }

  /** One that is known, not estimated. */
  public static Baseline known(double mean, double sigma) {
    return new Baseline(mean, sigma, 0);
  }

  double standardise(double value) {
    return (value - mean) / sigma;
  }

  /** By how many sigma the mean may be wrong; 0 when it is known. */
  double allowance() {
    return observations == 0 ? 0 : CONFIDENCE / Math.sqrt(observations);
  }

  /**
   * Mean and deviation while they are learned (Welford). Too small a sigma alarms for nothing, so
   * it is taken from the upper end of its 90 % confidence interval (χ² by Wilson and Hilferty,
   * within 1 % from 10 values on) and never below the floor.
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

    void clear() {
      count = 0;
      mean = 0;
      squares = 0;
    }

    void writeTo(DataOutput out) throws IOException {
      out.writeInt(count);
      out.writeDouble(mean);
      out.writeDouble(squares);
    }

    void readFrom(DataInput in) throws IOException {
      count = in.readInt();
      mean = in.readDouble();
      squares = in.readDouble();
    }
  }
}
