package io.attribution.drift;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Watches one model's attributions: compares windows of rows with a reference, which the bundle has
 * or which the stream's first rows become.
 */
public final class AttributionWatch implements ModelWatch {
  private static final byte VERSION = 3;

  private final ModelKey model;
  private final int features;
  private final AttributionPolicy policy;
  private final AttributionJudge judge;
  private final Reference reference;
  private final RowWindow<SampleRow> window = new RowWindow<>();
  private final AlertTracker attribution;
  private final AlertTracker input;
  private long lastSeen;
  private boolean waiting;
  private boolean storedRowsAreComparable = true;

  /** What a row is part of. */
  public enum Place {
    REFERENCE,
    WINDOW
  }

  /**
   * @param watched its reference must be explained by the engine that explains the stream
   */
  public AttributionWatch(ModelKey model, WatchedModel watched, AttributionPolicy policy) {
    this.model = model;
    this.features = watched.features().size();
    this.policy = policy.limitedTo(features);
    this.judge = new AttributionJudge(model, watched.features(), policy);
    this.reference =
        watched.reference().isEmpty()
            ? Reference.ofStream(this.policy.referenceRows())
            : Reference.ofTraining(watched.reference());
    this.attribution = new AlertTracker(model, policy.resolveAfter());
    this.input = new AlertTracker(model, policy.resolveAfter());
  }

  /** Makes the watch over a model. */
  @FunctionalInterface
  public interface Factory {
    /**
     * @param features D of its rows on the samples topic; a loaded model overrides it
     */
    AttributionWatch watch(ModelKey model, int features);
  }

  @Override
  public ModelKey model() {
    return model;
  }

  /** D. */
  public int features() {
    return features;
  }

  /**
   * Whether rows are dropped without being judged: the model has a training sample, but this
   * instance has not loaded it, and the stream's rows must not become the reference instead.
   */
  public boolean isWaiting() {
    return waiting;
  }

  /** What the next row will be part of. */
  public Place place() {
    return reference.isComplete() ? Place.WINDOW : Place.REFERENCE;
  }

  /** The next row's index in its place. */
  public int index() {
    return place() == Place.REFERENCE ? reference.rows().size() : window.size();
  }

  /**
   * Adds a row to the reference or the window.
   *
   * @param row D features
   */
  public void add(SampleRow row) {
    lastSeen = Math.max(lastSeen, row.timestamp());
    if (!waiting) {
      addTo(place(), row);
    }
  }

  private void addTo(Place place, SampleRow row) {
    if (place == Place.REFERENCE) {
      reference.add(row);
    } else {
      window.add(row);
    }
  }

  /** Whether the window is full and must be judged. */
  public boolean isDue() {
    return !waiting && reference.isComplete() && window.size() >= policy.windowRows();
  }

  /**
   * Compares the window with the reference and begins the next window.
   *
   * @return alerts that open, get worse or are resolved
   */
  public List<Alert> judge() {
    AttributionJudge.Verdict verdict = judge.judge(reference, window);
    window.clear();
    return Stream.of(
            track(attribution, verdict.attribution(), verdict.at()),
            track(input, verdict.input(), verdict.at()))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Alert> track(AlertTracker tracker, Optional<Alarm> alarm, long at) {
    return alarm.isPresent()
        ? tracker.alarm(alarm.get(), () -> ProbableCause.UNKNOWN)
        : tracker.quiet(at);
  }

  @Override
  public List<Alert> openAlerts() {
    return Stream.of(attribution.open(), input.open()).flatMap(Optional::stream).toList();
  }

  @Override
  public List<Alert> retire(long at, String why) {
    return Stream.of(attribution.retire(at, why), input.retire(at, why))
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public long lastSeen() {
    return lastSeen;
  }

  /** The state without the rows, which are stored one by one. */
  @Override
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(model.name());
      out.writeUTF(model.version());
      out.writeUTF(model.fingerprint());
      out.writeInt(features);
      out.writeUTF(policy.contributions());
      out.writeBoolean(waiting || reference.isOfTraining());
      out.writeLong(lastSeen);
      attribution.writeTo(out);
      input.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * The watch that {@link #toBytes} wrote, without its rows.
   *
   * @throws IOException when the bytes are not of this version
   */
  public static AttributionWatch of(byte[] bytes, Factory factory) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    if (in.readByte() != VERSION) {
      throw new IOException("state of another version");
    }
    ModelKey model = new ModelKey(in.readUTF(), in.readUTF(), in.readUTF());
    int features = in.readInt();
    AttributionWatch watch = factory.watch(model, features);
    boolean sameReduction = in.readUTF().equals(watch.policy.contributions());
    watch.storedRowsAreComparable = sameReduction && features == watch.features;
    watch.waiting = in.readBoolean() && !watch.reference.isOfTraining();
    watch.lastSeen = in.readLong();
    watch.attribution.readFrom(in);
    watch.input.readFrom(in);
    return watch;
  }

  /**
   * Whether stored rows of this place must be restored. Rows of another reduction are not
   * comparable, and a training sample replaces a reference of the stream's rows.
   */
  public boolean restores(Place place) {
    return storedRowsAreComparable
        && (place == Place.WINDOW || !(waiting || reference.isOfTraining()));
  }

  /** Restores stored rows, in their order. */
  public void restore(Place place, List<SampleRow> rows) {
    for (SampleRow row : rows) {
      lastSeen = Math.max(lastSeen, row.timestamp());
      addTo(place, row);
    }
  }
}
