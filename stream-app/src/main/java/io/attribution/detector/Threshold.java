package io.attribution.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A hard limit: alarm while the last few values are beyond it. The statistic is the value. */
public final class Threshold implements Detector {
  private final double limit;
  private final int consecutive;
  private long run;

  /**
   * @param limit a value above it is beyond it
   * @param consecutive how many values in a row have to be beyond it
   */
  public Threshold(double limit, int consecutive) {
    this.limit = Finite.require(limit);
    Finite.requirePositive("consecutive", consecutive);
    this.consecutive = consecutive;
  }

  @Override
  public String name() {
    return "threshold";
  }

  @Override
  public Reading observe(double value) {
    run = Finite.require(value) > limit ? run + 1 : 0;
    return new Reading(run >= consecutive, value, limit, Math.max(0, run - 1));
  }

  @Override
  public boolean remembersNormal() {
    return true;
  }

  @Override
  public void reset() {
    run = 0;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    StateFormat.write(out);
    out.writeLong(run);
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    StateFormat.read(in, name());
    run = in.readLong();
  }
}
