package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The upper tabular CUSUM of standardised values (in control: mean 0, deviation 1): C = max(0, C +
 * x − k); alarm above h.
 *
 * <p>Sources: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954); D. C. Montgomery,
 * Introduction to Statistical Quality Control, chapter 9. The change is judged to have begun when
 * the sum left 0. One thing is added: the sum stops at 2h, so that an alarm ends within h/k good
 * values however long the fault lasted. That changes no first alarm.
 */
final class Cusum {
  private static final byte VERSION = 1;

  /** Below, the mean of a learned baseline is not known well enough. */
  private static final double SMALLEST_K = 0.25;

  /** Above, single values decide, and real ones have heavier tails than the normal distribution. */
  private static final double LARGEST_K = 1;

  private final double k;
  private final double h;
  private double sum;

  /** Observations since the sum left 0. */
  private long run;

  /**
   * @param k reference value, in standard deviations, 0 or more
   * @param h decision interval, in standard deviations, positive
   */
  Cusum(double k, double h) {
    this.k = k;
    this.h = h;
  }

  /**
   * The chart for the settings' shift and ARL0: k is half the shift in sigma (Page 1954), within
   * limits; h solves ARL(k, h) = ARL0. The baseline's mean may be wrong, so its allowance is added
   * to k afterwards.
   */
  static Cusum of(CusumSettings settings, Baseline baseline) {
    double half = settings.shift() / baseline.sigma() / 2;
    double k = Math.min(LARGEST_K, Math.max(SMALLEST_K, half));
    return new Cusum(k + baseline.allowance(), AverageRunLength.interval(k, settings.arl0()));
  }

  /**
   * @param value finite
   */
  Reading observe(double value) {
    sum = Math.min(Math.max(0, sum + value - k), 2 * h);
    run = sum > 0 ? run + 1 : 0;
    return new Reading(sum > h, sum, h, Math.max(0, run - 1));
  }

  double k() {
    return k;
  }

  double h() {
    return h;
  }

  /** Zeros are in the place of the lower sum that earlier versions kept and never read. */
  void writeTo(DataOutput out) throws IOException {
    out.writeByte(VERSION);
    out.writeDouble(sum);
    out.writeLong(run);
    out.writeDouble(0);
    out.writeLong(0);
  }

  void readFrom(DataInput in) throws IOException {
    CusumDetector.requireVersion(VERSION, in);
    sum = in.readDouble();
    run = in.readLong();
    in.readDouble();
    in.readLong();
  }
}
