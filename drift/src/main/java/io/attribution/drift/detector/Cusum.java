package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Tabular cumulative sums of standardised values (in control: mean 0, deviation 1): C⁺ = max(0, C⁺
 * + x − k) and C⁻ = max(0, C⁻ − x − k); alarm above h.
 *
 * <p>Sources: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954); D. C. Montgomery,
 * Introduction to Statistical Quality Control, chapter 9. The change is judged to have begun when
 * the sum left 0. One thing is added: a sum stops at 2h, so that an alarm ends within h/k good
 * values however long the fault lasted. That changes no first alarm.
 */
public final class Cusum implements Detector {
  private final Settings settings;
  private final Sum upper = new Sum();
  private final Sum lower = new Sum();

  /**
   * @param reference k, half the shift that is looked for, in standard deviations
   * @param interval h, the decision interval, in standard deviations
   * @param direction which side counts
   */
  public record Settings(double reference, double interval, Direction direction) {
    public Settings {
      Finite.requireNotNegative("reference", reference);
      Finite.requirePositive("interval", interval);
    }
  }

  public Cusum(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "cusum";
  }

  @Override
  public Reading observe(double value) {
    Finite.require(value);
    upper.add(value, settings);
    lower.add(-value, settings);
    Sum sum = watched();
    return Reading.of(sum.value, settings.interval(), Math.max(0, sum.run - 1));
  }

  private Sum watched() {
    return switch (settings.direction()) {
      case UP -> upper;
      case DOWN -> lower;
      case BOTH -> upper.value >= lower.value ? upper : lower;
    };
  }

  /** C⁺ after the last observation, at most 2h. */
  double upper() {
    return upper.value;
  }

  /** C⁻ after the last observation, at most 2h. */
  double lower() {
    return lower.value;
  }

  @Override
  public boolean remembersNormal() {
    return true;
  }

  @Override
  public void reset() {
    upper.clear();
    lower.clear();
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    StateFormat.write(out);
    upper.writeTo(out);
    lower.writeTo(out);
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    StateFormat.read(in, name());
    upper.readFrom(in);
    lower.readFrom(in);
  }

  private static final class Sum {
    private double value;

    /** Observations for which it has been above 0. */
    private long run;

    void add(double deviation, Settings settings) {
      double next = Math.max(0, value + deviation - settings.reference());
      value = Math.min(next, 2 * settings.interval());
      run = value > 0 ? run + 1 : 0;
    }

    void clear() {
      value = 0;
      run = 0;
    }

    void writeTo(DataOutput out) throws IOException {
      out.writeDouble(value);
      out.writeLong(run);
    }

    void readFrom(DataInput in) throws IOException {
      value = in.readDouble();
      run = in.readLong();
    }
  }
}
