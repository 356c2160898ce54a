package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Exponentially weighted moving average of standardised values (in control: mean 0, deviation 1),
 * with the exact limits for the number of observations so far: alarm when z(i) = λ·x(i) +
 * (1−λ)·z(i−1) is beyond L·√(λ/(2−λ)·(1−(1−λ)^2i)).
 *
 * <p>Sources: S. W. Roberts, Control chart tests based on geometric moving averages, Technometrics
 * 1 (1959); D. C. Montgomery, Introduction to Statistical Quality Control, chapter 9. The change is
 * judged to have begun when the average last crossed 0 (K. Nishina, 1992).
 */
public final class Ewma implements Detector {
  private final Settings settings;
  private double average;

  /** (1−λ)^2i: how much of the start is left in the variance. */
  private double remaining = 1;

  /** Observations since the average was last on the other side of 0. */
  private long run;

  /**
   * @param lambda weight of the newest value, in (0, 1]
   * @param limit L, in standard deviations of the average
   * @param allowance added to the limits, in standard deviations of a value: what the mean may be
   *     wrong by
   * @param direction which side counts
   */
  public record Settings(double lambda, double limit, double allowance, Direction direction) {
    public Settings {
      Finite.requirePositive("lambda", lambda);
      Finite.requirePositive("limit", limit);
      Finite.requireNotNegative("allowance", allowance);
      if (lambda > 1) {
        throw new IllegalArgumentException("lambda is at most 1, not " + lambda);
      }
    }
  }

  public Ewma(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "ewma";
  }

  @Override
  public Reading observe(double value) {
    double lambda = settings.lambda();
    double next = lambda * Finite.require(value) + (1 - lambda) * average;
    run = next != 0 && Math.signum(next) == Math.signum(average) ? run + 1 : 0;
    average = next;
    remaining *= (1 - lambda) * (1 - lambda);
    return Reading.of(settings.direction().of(average), threshold(), run);
  }

  private double threshold() {
    double variance = settings.lambda() / (2 - settings.lambda()) * (1 - remaining);
    return settings.limit() * Math.sqrt(variance) + settings.allowance();
  }

  @Override
  public boolean remembersNormal() {
    return true;
  }

  @Override
  public void reset() {
    average = 0;
    remaining = 1;
    run = 0;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    StateFormat.write(out);
    out.writeDouble(average);
    out.writeDouble(remaining);
    out.writeLong(run);
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    StateFormat.read(in, name());
    average = in.readDouble();
    remaining = in.readDouble();
    run = in.readLong();
  }
}
