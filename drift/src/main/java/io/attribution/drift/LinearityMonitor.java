package io.attribution.drift;

import io.attribution.drift.detector.Detector;
import io.attribution.drift.detector.Reading;
import io.attribution.engine.runtime.EngineKind;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches one model's linearity error, batch by batch.
 *
 * <p>What is judged is max |f(e) − J(e)·e| of a batch, relative to the largest output of this batch
 * and of those before it, which fades. In a batch of its own a single row whose outputs nearly
 * cancel has a large relative error by rounding alone (1e-4 was seen); beside what the model
 * usually puts out it has not. For the same reason the first rows are judged together. Where most
 * rows of a batch exceed the tolerance each by itself, that is an alarm as well, however large
 * another row was.
 *
 * <p>A healthy exact encoder never alarms: its error stays below the floor, and what is below
 * counts as the floor, a constant.
 */
public final class LinearityMonitor {
  private static final byte VERSION = 2;

  /** So many rows, or batches, are judged together at first. */
  private static final int FIRST_ROWS = 32;

  private static final int FIRST_BATCHES = 3;

  /** The largest output counts half after so many rows. */
  private static final double HALF_LIFE_ROWS = 1000;

  /** Names of engines, as records have them. */
  private static final String COMPILED = EngineKind.LAYERS.label();

  private static final String FALLBACK = EngineKind.LAYERWISE.label();

  /** As in the relative error of a batch: keeps that of an all-zero output finite. */
  private static final double EPSILON = 1e-8;

  private final ModelKey model;
  private final LinearityPolicy policy;
  private final Diagnostician diagnostician;
  private final LinearityAlarms alarms;
  private final List<Detector> detectors;
  private final EventTimes times = new EventTimes();
  private final AlertTracker tracker;
  private double scale;
  private long rows;
  private long lastSeen;
  private boolean compiled;

  private @Nullable Observation first;
  private int firstBatches;

  public LinearityMonitor(ModelKey model, LinearityPolicy policy, Diagnostician diagnostician) {
    this.model = model;
    this.policy = policy;
    this.diagnostician = diagnostician;
    this.alarms = new LinearityAlarms(model, policy.tolerance());
    this.detectors = policy.detectors().get();
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
   * Nothing more is to be expected of the model, for now or for good.
   *
   * @param at event time
   * @param why what the alert says
   * @return the alert that ends with it
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
    Alarm alarm = alarm(batch, error);
    Optional<Alarm> fallback = fallback(batch, error);
    if (alarm == null && fallback.isEmpty()) {
      return tracker.quiet(batch.lastTimestamp());
    }
    return alarm == null
        ? tracker.alarm(fallback.orElseThrow(), diagnostician::ofFallback)
        : tracker.alarm(alarm, () -> diagnostician.diagnose(model));
  }

  private double relativeError(Observation batch) {
    double faded = scale * Math.pow(0.5, batch.summary().count() / HALF_LIFE_ROWS);
    scale = Math.max(batch.magnitude(), faded);
    return batch.summary().maxError() / (scale + EPSILON);
  }

  private @Nullable Alarm alarm(Observation batch, double error) {
    Alarm alarm = null;
    double level = policy.floor().of(error);
    for (Detector detector : detectors) {
      // All of them see every observation, whoever speaks first.
      Reading reading = detector.observe(level);
      if (reading.alarm() && alarm == null) {
        alarm = alarms.grown(batch, error, times.ago(reading.since()), detector.name(), reading);
      }
    }
    return alarms.beyondTolerance(batch, error).orElse(alarm);
  }

  /** The guard of the compiled engine replaced it: records name another engine than before. */
  private Optional<Alarm> fallback(Observation batch, double error) {
    compiled = compiled || batch.engine().equals(COMPILED);
    if (!compiled || !batch.engine().equals(FALLBACK)) {
      return Optional.empty();
    }
    return Optional.of(alarms.engineReplaced(batch, error));
  }

  /** Everything that the next batch is judged by. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(VERSION);
    out.writeDouble(scale);
    out.writeLong(rows);
    out.writeLong(lastSeen);
    out.writeBoolean(compiled);
    times.writeTo(out);
    tracker.writeTo(out);
    DetectorStates.write(out, policy.settings(), detectors);
    out.writeInt(firstBatches);
    out.writeBoolean(first != null);
    if (first != null) {
      first.writeTo(out);
    }
  }

  /**
   * Goes on where another one stopped; detectors that are configured only now, or otherwise than
   * before, begin anew.
   *
   * @throws IOException when this is not what {@link #writeTo} writes, or another version of it
   */
  public void readFrom(DataInput in) throws IOException {
    if (in.readByte() != VERSION) {
      throw new IOException("another version wrote this");
    }
    scale = in.readDouble();
    rows = in.readLong();
    lastSeen = in.readLong();
    compiled = in.readBoolean();
    times.readFrom(in);
    tracker.readFrom(in);
    DetectorStates.read(in, policy.settings(), detectors);
    firstBatches = in.readInt();
    first = in.readBoolean() ? Observation.readFrom(in) : null;
  }
}
