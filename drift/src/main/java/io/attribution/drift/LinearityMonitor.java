package io.attribution.drift;

import io.attribution.drift.detector.CusumDetector;
import io.attribution.drift.detector.Reading;
import io.attribution.engine.runtime.EngineKind;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches one model's linearity error, batch by batch.
 *
 * <p>The error that counts is max |f(e) − J(e)·e| of a batch, relative to the largest output of
 * this batch and of those before it, which decays. Relative to its own outputs, a single row whose
 * outputs nearly cancel has a large error by rounding alone (1e-4 was measured); relative to the
 * model's usual outputs it does not. For the same reason the first rows are judged together. A
 * batch also alarms when most of its rows exceed the tolerance by themselves, however large the
 * outputs of another row are.
 *
 * <p>A healthy exact encoder never alarms: its errors stay below the detector's floor and count as
 * the floor, a constant.
 */
public final class LinearityMonitor {
  private static final byte VERSION = 2;

  /** The first batches are judged together until they have this many rows, or are this many. */
  private static final int FIRST_ROWS = 32;

  private static final int FIRST_BATCHES = 3;

  /** Rows after which the largest output counts half. */
  private static final double HALF_LIFE_ROWS = 1000;

  /** Names of engines, as records have them. */
  private static final String COMPILED = EngineKind.LAYERS.label();

  private static final String FALLBACK = EngineKind.LAYERWISE.label();

  /** As in the relative error of a batch: keeps that of an all-zero output finite. */
  private static final double EPSILON = 1e-8;

  private final ModelKey model;
  private final Diagnostician diagnostician;
  private final LinearityAlarms alarms;
  private final Optional<CusumDetector> growth;
  private final EventTimes times = new EventTimes();
  private final AlertTracker tracker;
  private double largestOutput;
  private long rows;
  private long lastSeen;
  private boolean compiled;

  private @Nullable Observation first;
  private int firstBatches;

  public LinearityMonitor(ModelKey model, LinearityPolicy policy, Diagnostician diagnostician) {
    this.model = model;
    this.diagnostician = diagnostician;
    this.alarms = new LinearityAlarms(model, policy.tolerance());
    this.growth = policy.growth().map(CusumDetector::new);
    this.tracker = new AlertTracker(model, policy.resolveAfter());
  }

  /**
   * Judges a batch.
   *
   * @return an alert that opens, gets worse or is resolved
   */
  public Optional<Alert> observe(Observation batch) {
    Observation together = first == null ? batch : first.merge(batch);
    firstBatches++;
    if (rows == 0 && together.summary().count() < FIRST_ROWS && firstBatches < FIRST_BATCHES) {
      first = together;
      return Optional.empty();
    }
    first = null;
    return judge(together);
  }

  /**
   * Resolves the open alert: the model was replaced, or sends nothing any more.
   *
   * @param at event time, in milliseconds
   * @param why the reason, for the alert's message
   * @return the alert that was open
   */
  public Optional<Alert> retire(long at, String why) {
    return tracker.retire(at, why);
  }

  /** The alert that is open, if one is. */
  public Optional<Alert> openAlert() {
    return tracker.open();
  }

  /** Event time of the latest batch judged, in milliseconds; 0 when there was none. */
  public long lastSeen() {
    return lastSeen;
  }

  private Optional<Alert> judge(Observation batch) {
    double error = relativeError(batch);
    rows += batch.summary().count();
    times.add(batch.firstTimestamp());
    lastSeen = Math.max(lastSeen, batch.lastTimestamp());
    // Detector and engine name see every batch, also one beyond the tolerance.
    Optional<Alarm> grown = growth(batch, error);
    Optional<Alarm> fallback = fallback(batch, error);
    Optional<Alarm> alarm = alarms.beyondTolerance(batch, error).or(() -> grown);
    if (alarm.isPresent()) {
      return tracker.alarm(alarm.get(), () -> diagnostician.diagnose(model));
    }
    return fallback.isPresent()
        ? tracker.alarm(fallback.get(), diagnostician::ofFallback)
        : tracker.quiet(batch.lastTimestamp());
  }

  private double relativeError(Observation batch) {
    double decay = Math.pow(0.5, batch.summary().count() / HALF_LIFE_ROWS);
    largestOutput = Math.max(batch.magnitude(), largestOutput * decay);
    return batch.summary().maxError() / (largestOutput + EPSILON);
  }

  private Optional<Alarm> growth(Observation batch, double error) {
    return growth
        .map(detector -> detector.observe(error))
        .filter(Reading::alarm)
        .map(reading -> alarms.grown(batch, error, times.ago(reading.since()), reading));
  }

  /** Records name another engine than before: the guard replaced the compiled one. */
  private Optional<Alarm> fallback(Observation batch, double error) {
    compiled = compiled || batch.engine().equals(COMPILED);
    return compiled && batch.engine().equals(FALLBACK)
        ? Optional.of(alarms.engineReplaced(batch, error))
        : Optional.empty();
  }

  /** Everything that the next batch is judged by. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(VERSION);
    out.writeDouble(largestOutput);
    out.writeLong(rows);
    out.writeLong(lastSeen);
    out.writeBoolean(compiled);
    times.writeTo(out);
    tracker.writeTo(out);
    DetectorState.write(out, growth);
    out.writeInt(firstBatches);
    out.writeBoolean(first != null);
    if (first != null) {
      first.writeTo(out);
    }
  }

  /**
   * Continues from what {@link #writeTo} wrote. A detector whose settings are others now learns its
   * baseline again.
   *
   * @throws IOException when this is not what {@link #writeTo} writes, or another version of it
   */
  public void readFrom(DataInput in) throws IOException {
    if (in.readByte() != VERSION) {
      throw new IOException("state of another version");
    }
    largestOutput = in.readDouble();
    rows = in.readLong();
    lastSeen = in.readLong();
    compiled = in.readBoolean();
    times.readFrom(in);
    tracker.readFrom(in);
    DetectorState.read(in, growth);
    firstBatches = in.readInt();
    first = in.readBoolean() ? Observation.readFrom(in) : null;
  }
}
