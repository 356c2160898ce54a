package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The Page-Hinkley test: how far the sum of (value − mean so far − δ) has risen above its smallest
 * value, and the same downwards; alarm above λ. It then starts again with the new level, with the
 * next observation.
 *
 * <p>Sources: E. S. Page, Biometrika 41 (1954); D. V. Hinkley, Inference about the change-point
 * from cumulative sum tests, Biometrika 58 (1971). The arithmetic is that of river 0.26's {@code
 * drift.PageHinkley}, to the bit when {@code prior} is 0. It differs from the literature in two
 * points, which are settings here: the sums fade (α; 1 in the literature), and nothing is said
 * before so many observations. {@code prior} is ours: how many observations at 0 the mean starts
 * with, for values that were standardised with a baseline of as many. A start after an alarm is
 * without them.
 */
public final class PageHinkley implements Detector {
  private final Settings settings;
  private double count;
  private double mean;
  private final Sum increase = new Sum();
  private final Sum decrease = new Sum();
  private boolean restart;

  /**
   * @param delta δ, the change that is tolerated, in the values' unit
   * @param threshold λ, in the values' unit
   * @param alpha how much of the sums stays with each observation, in (0, 1]
   * @param minimum observations, with those of the prior, before the first alarm
   * @param prior observations at 0 that the mean starts with
   * @param direction which changes count
   */
  public record Settings(
      double delta, double threshold, double alpha, int minimum, int prior, Direction direction) {
    public Settings {
      Finite.requireNotNegative("delta", delta);
      Finite.requirePositive("threshold", threshold);
      Finite.requirePositive("alpha", alpha);
      Finite.requireNotNegative("minimum", (double) minimum);
      Finite.requireNotNegative("prior", (double) prior);
      if (alpha > 1) {
        throw new IllegalArgumentException("alpha is at most 1, not " + alpha);
      }
    }

    /** What river calls its defaults. */
    public static Settings river() {
      return new Settings(0.005, 50, 1 - 0.0001, 30, 0, Direction.BOTH);
    }
  }

  public PageHinkley(Settings settings) {
    this.settings = settings;
    reset();
  }

  @Override
  public String name() {
    return "page_hinkley";
  }

  @Override
  public Reading observe(double value) {
    Finite.require(value);
    if (restart) {
      start(0);
    }
    count++;
    mean += 1 / count * (value - mean);
    increase.add(value - mean, settings);
    decrease.add(mean - value, settings);
    if (count < settings.minimum()) {
      return Reading.SILENT;
    }
    Sum sum = watched();
    Reading reading = Reading.of(sum.rise(), settings.threshold(), Math.max(0, sum.run - 1));
    restart = reading.alarm();
    return reading;
  }

  private Sum watched() {
    return switch (settings.direction()) {
      case UP -> increase;
      case DOWN -> decrease;
      case BOTH -> increase.rise() >= decrease.rise() ? increase : decrease;
    };
  }

  @Override
  public boolean remembersNormal() {
    return false;
  }

  @Override
  public void reset() {
    start(settings.prior());
  }

  private void start(int prior) {
    count = prior;
    mean = 0;
    increase.clear();
    decrease.clear();
    restart = false;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    StateFormat.write(out);
    out.writeDouble(count);
    out.writeDouble(mean);
    increase.writeTo(out);
    decrease.writeTo(out);
    out.writeBoolean(restart);
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    StateFormat.read(in, name());
    count = in.readDouble();
    mean = in.readDouble();
    increase.readFrom(in);
    decrease.readFrom(in);
    restart = in.readBoolean();
  }

  private static final class Sum {
    private double value;
    private double smallest;

    /** Observations since the smallest. */
    private long run;

    void add(double deviation, Settings settings) {
      value = settings.alpha() * value + deviation - settings.delta();
      if (value < smallest) {
        smallest = value;
        run = 0;
      } else {
        run++;
      }
    }

    double rise() {
      return value - smallest;
    }

    void clear() {
      value = 0;
      smallest = Double.POSITIVE_INFINITY;
      run = 0;
    }

    void writeTo(DataOutput out) throws IOException {
      out.writeDouble(value);
      out.writeDouble(smallest);
      out.writeLong(run);
    }

    void readFrom(DataInput in) throws IOException {
      value = in.readDouble();
      smallest = in.readDouble();
      run = in.readLong();
    }
  }
}
