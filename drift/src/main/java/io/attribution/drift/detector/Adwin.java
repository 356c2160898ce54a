package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Adaptive windowing: keeps as many of the last values as look like one distribution. Where the
 * means of an older and a newer part of the window differ by more than chance explains, the oldest
 * values go; that is a change.
 *
 * <p>Source: A. Bifet and R. Gavaldà, Learning from time-changing data with adaptive windowing, SDM
 * 2007; ADWIN2 with its bound for approximately normal means. The bound's second term takes values
 * to span about 1: with log10 of an error, one decade. The formulas are those of river 0.26's
 * {@code drift.ADWIN}, and so are these points in which river (and MOA) differ from the paper: the
 * parts' lengths enter as length − minimum + 1; a check is made every {@code clock} values; after
 * an alarm the whole window is dropped ({@link Settings#restarts}), where the paper keeps its newer
 * part. Ours: values are taken relative to the window's first one, so that a large constant costs
 * no digits and a constant sequence gives exact zeros; the window has a largest width; changes that
 * are small or go the other way shorten the window without an alarm.
 *
 * <p>The statistic is the difference of the means (newer − older, in the direction that counts) at
 * the clearest cut of a check, the threshold its bound; between checks nothing is said. The change
 * is judged to have begun at that cut: the window that stays may begin earlier, because it is
 * shortened only as far as chance cannot explain.
 */
public final class Adwin implements Detector {
  private final Settings settings;
  private final ExponentialHistogram window;
  private double origin;
  private int ticks;
  private boolean restart;

  /**
   * @param delta δ, the confidence parameter, in (0, 1)
   * @param clock values between two checks
   * @param buckets M, how many buckets of a size are kept
   * @param shortest the shortest part that is compared
   * @param grace nothing is said with this many values or fewer
   * @param longest the window never holds more values, up to one bucket
   * @param smallestChange differences below it are no alarm, in the values' unit
   * @param restarts whether an alarm drops the newer part too
   * @param direction which changes are an alarm
   */
  public record Settings(
      double delta,
      int clock,
      int buckets,
      int shortest,
      int grace,
      long longest,
      double smallestChange,
      boolean restarts,
      Direction direction) {
    private static final int LONGEST = 1 << 20;

    /** River's, as the others in {@link #river}. */
    static final int CLOCK = 32;

    public Settings {
      Finite.requirePositive("delta", delta);
      Finite.requirePositive("clock", clock);
      Finite.requirePositive("shortest", shortest);
      Finite.requireNotNegative("grace", grace);
      Finite.requireNotNegative("smallestChange", smallestChange);
      if (delta >= 1) {
        throw new IllegalArgumentException("delta is below 1, not " + delta);
      }
      if (buckets < 2) {
        throw new IllegalArgumentException("buckets are 2 or more, not " + buckets);
      }
      if (longest < 2L * shortest) {
        throw new IllegalArgumentException("longest is twice the shortest or more, not " + longest);
      }
    }

    /** What river calls its defaults, but for δ; both directions. */
    public static Settings river(double delta) {
      return new Settings(delta, CLOCK, 5, 5, 10, LONGEST, 0, true, Direction.BOTH);
    }

    /** The same for changes in one direction, of some size. */
    public Settings watching(Direction only, double change) {
      return new Settings(delta, clock, buckets, shortest, grace, longest, change, restarts, only);
    }

    /** The same with the paper's way after an alarm: the newer part stays. */
    public Settings keepingTheNewer() {
      return new Settings(
          delta, clock, buckets, shortest, grace, longest, smallestChange, false, direction);
    }
  }

  public Adwin(Settings settings) {
    this.settings = settings;
    this.window = new ExponentialHistogram(settings.buckets());
  }

  @Override
  public String name() {
    return "adwin";
  }

  @Override
  public Reading observe(double value) {
    Finite.require(value);
    if (restart) {
      reset();
    }
    if (window.width() == 0) {
      origin = value;
    }
    window.add(value - origin);
    if (window.width() > settings.longest()) {
      window.dropOldest();
    }
    ticks = (ticks + 1) % settings.clock();
    return ticks == 0 && window.width() > settings.grace() ? check() : Reading.SILENT;
  }

  /** Drops the oldest values until no cut is left; the reading is that of the clearest cut. */
  private Reading check() {
    Cut clearest = clearestCut();
    boolean changed = clearest.exceeds();
    for (Cut cut = clearest; cut.exceeds(); cut = clearestCut()) {
      window.dropOldest();
    }
    double change = settings.direction().of(clearest.difference());
    boolean alarm = changed && change > 0 && change >= settings.smallestChange();
    restart = alarm && settings.restarts();
    return new Reading(alarm, change, clearest.bound(), Math.max(0, (long) clearest.newer() - 1));
  }

  /**
   * @param newer values in the newer part
   * @param difference its mean less that of the older part
   * @param bound what chance explains
   */
  private record Cut(double newer, double difference, double bound) {
    static final Cut NONE = new Cut(0, 0, Double.POSITIVE_INFINITY);

    boolean exceeds() {
      return Math.abs(difference) > bound;
    }

    boolean isClearerThan(Cut other) {
      return Math.abs(difference) / bound > Math.abs(other.difference) / other.bound;
    }
  }

  /** The cut that exceeds its bound by most, or comes nearest to it. */
  private Cut clearestCut() {
    double older = 0;
    double olderTotal = 0;
    Cut clearest = Cut.NONE;
    for (int row = window.rows() - 1; row >= 0; row--) {
      for (int i = 0; i < window.size(row); i++) {
        older += ExponentialHistogram.length(row);
        olderTotal += window.totalAt(row, i);
        double newer = window.width() - older;
        if (older >= settings.shortest() && newer >= settings.shortest()) {
          double newerTotal = window.total() - olderTotal;
          double difference = newerTotal / newer - olderTotal / older;
          Cut cut = new Cut(newer, difference, bound(older, newer));
          clearest = cut.isClearerThan(clearest) ? cut : clearest;
        }
      }
    }
    return clearest;
  }

  private double bound(double older, double newer) {
    double confidence = StrictMath.log(2 * StrictMath.log(window.width()) / settings.delta());
    double lengths = 1 / (older - settings.shortest() + 1) + 1 / (newer - settings.shortest() + 1);
    return Math.sqrt(2 * lengths * window.variance() * confidence) + 2.0 / 3 * confidence * lengths;
  }

  /** How many of the last values the window holds. */
  public long width() {
    return (long) window.width();
  }

  @Override
  public boolean remembersNormal() {
    return false;
  }

  @Override
  public void reset() {
    window.clear();
    origin = 0;
    ticks = 0;
    restart = false;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    StateFormat.write(out);
    out.writeDouble(origin);
    out.writeInt(ticks);
    out.writeBoolean(restart);
    window.writeTo(out);
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    StateFormat.read(in, name());
    origin = in.readDouble();
    ticks = in.readInt();
    restart = in.readBoolean();
    if (!window.readFrom(in)) {
      throw StateFormat.foreign(name());
    }
  }
}
