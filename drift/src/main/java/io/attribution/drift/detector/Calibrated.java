package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A detector of standardised values behind a baseline that is known or learned from the first
 * values. While it learns there is no alarm. The statistic is the inner detector's, in sigma.
 */
public final class Calibrated implements Detector {
  private final String name;
  private final boolean remembersNormal;
  private final BaselineSource source;
  private final Function<Baseline, Detector> chart;
  private final Baseline.Learning learning = new Baseline.Learning();
  private @Nullable Baseline baseline;
  private @Nullable Detector inner;

  /**
   * @param kind what the chart is
   * @param source where the baseline comes from
   * @param chart a detector of standardised values for a baseline; the same for the same baseline
   */
  Calibrated(DetectorKind kind, BaselineSource source, Function<Baseline, Detector> chart) {
    this.name = kind.label();
    this.remembersNormal = kind.remembersNormal();
    this.source = source;
    this.chart = chart;
    reset();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Reading observe(double value) {
    Finite.require(value);
    Baseline normal = baseline;
    Detector detector = inner;
    if (normal != null && detector != null) {
      return detector.observe(normal.standardise(value));
    }
    learning.add(value);
    if (learning.count() >= source.observations()) {
      begin(learning.baseline(source.sigmaFloor()));
    }
    return Reading.SILENT;
  }

  private void begin(Baseline normal) {
    baseline = normal;
    inner = chart.apply(normal);
  }

  /** Absent while it is learned. */
  public Optional<Baseline> baseline() {
    return Optional.ofNullable(baseline);
  }

  @Override
  public boolean remembersNormal() {
    return remembersNormal;
  }

  @Override
  public void reset() {
    Detector detector = inner;
    if (detector != null && source.known().equals(baseline())) {
      detector.reset(); // The same chart, whose design takes milliseconds.
      return;
    }
    learning.clear();
    baseline = null;
    inner = null;
    source.known().ifPresent(this::begin);
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    StateFormat.write(out);
    learning.writeTo(out);
    Baseline normal = baseline;
    Detector detector = inner;
    out.writeBoolean(normal != null);
    if (normal != null && detector != null) {
      out.writeDouble(normal.mean());
      out.writeDouble(normal.sigma());
      out.writeInt(normal.observations());
      detector.writeTo(out);
    }
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    StateFormat.read(in, name);
    reset();
    learning.readFrom(in);
    if (in.readBoolean()) {
      Detector restored = restoreBaseline(in);
      restored.readFrom(in);
    }
  }

  private Detector restoreBaseline(DataInput in) throws IOException {
    try {
      Baseline normal = new Baseline(in.readDouble(), in.readDouble(), in.readInt());
      Detector restored = chart.apply(normal);
      baseline = normal;
      inner = restored;
      return restored;
    } catch (IllegalArgumentException e) {
      throw new IOException(name + ": the baseline in the state is none: " + e.getMessage(), e);
    }
  }
}
