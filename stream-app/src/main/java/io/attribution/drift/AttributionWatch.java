package io.attribution.drift;

import io.attribution.batch.Origin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Watches one model's attributions: the first rows become the reference, and every so many rows
 * after them are compared with it.
 */
public final class AttributionWatch {
  private static final byte VERSION = 2;
  private static final int NAMED = 3;
  private static final int LISTED = 10;

  private final ModelKey model;
  private final List<String> names;
  private final AttributionPolicy policy;
  private final RowWindow reference = new RowWindow();
  private final RowWindow window = new RowWindow();
  private final AlertTracker attribution;
  private final AlertTracker input;
  private long lastSeen;

  /** Where a row belongs. */
  public enum Place {
    REFERENCE,
    WINDOW
  }

  /**
   * @param names of the features, D
   */
  public AttributionWatch(ModelKey model, List<String> names, AttributionPolicy policy) {
    this.model = model;
    this.names = List.copyOf(names);
    this.policy = policy.limitedTo(names.size());
    this.attribution = new AlertTracker(model, policy.resolveAfter());
    this.input = new AlertTracker(model, policy.resolveAfter());
  }

  /** Makes the watch over a model with D features. */
  @FunctionalInterface
  public interface Factory {
    AttributionWatch watch(ModelKey model, int features);
  }

  public ModelKey model() {
    return model;
  }

  /** D. */
  public int features() {
    return names.size();
  }

  /** Where the next row will belong. */
  public Place place() {
    return reference.size() < policy.referenceRows() ? Place.REFERENCE : Place.WINDOW;
  }

  /** How many rows are there already where the next row will belong. */
  public int index() {
    return place() == Place.REFERENCE ? reference.size() : window.size();
  }

  /**
   * Adds a row to where it belongs.
   *
   * @param row D features
   */
  public void add(SampleRow row) {
    lastSeen = Math.max(lastSeen, row.timestamp());
    (place() == Place.REFERENCE ? reference : window).add(row);
  }

  /** Whether the window has all its rows, and is to be judged. */
  public boolean isDue() {
    return window.size() >= policy.windowRows();
  }

  /**
   * Compares the window with the reference; the next window begins.
   *
   * @return alerts that open, get worse or are resolved
   */
  public List<Alert> judge() {
    AttributionComparison comparison =
        AttributionComparison.of(reference, window, names, policy.falseAlarmRate());
    SampleRow first = window.first();
    long at = window.last().timestamp();
    Optional<Alert> aboutAttribution =
        judge(attribution, attributionAlarm(comparison, first, at), at);
    Optional<Alert> aboutInput = judge(input, inputAlarm(comparison, first, at), at);
    window.clear();
    return Stream.of(aboutAttribution, aboutInput).flatMap(Optional::stream).toList();
  }

  private static Optional<Alert> judge(AlertTracker tracker, Optional<Alarm> alarm, long at) {
    return alarm.isPresent()
        ? tracker.alarm(alarm.get(), () -> ProbableCause.UNKNOWN)
        : tracker.quiet(at);
  }

  private Optional<Alarm> attributionAlarm(
      AttributionComparison comparison, SampleRow first, long at) {
    boolean otherRanking = comparison.rankingGain() < policy.minimumRankingGain();
    List<FeatureMove> moved = comparison.contributions();
    // A ranking of means by itself is no evidence: one row of a heavy tail can turn it around.
    if (moved.isEmpty()) {
      return Optional.empty();
    }
    String what =
        text(
            "attributions of %s moved: %s; nDCG of the ranking %.2f, %.0f %% of rows have another top"
                + " feature; %s",
            model.label(),
            named(moved),
            comparison.rankingGain(),
            100 * comparison.otherTop(),
            comparison.inputs().isEmpty()
                ? "no single input moved as clearly"
                : "inputs moved too: " + named(comparison.inputs()));
    return Optional.of(
        new Alarm(
            Kind.ATTRIBUTION,
            otherRanking ? Severity.CRITICAL : Severity.WARNING,
            first.timestamp(),
            at,
            otherRanking ? "ranking_gain" : "kolmogorov_smirnov",
            otherRanking ? comparison.rankingGain() : moved.get(0).statistic(),
            otherRanking ? policy.minimumRankingGain() : AttributionComparison.SMALLEST_DISTANCE,
            worst(moved),
            what,
            moved.stream().limit(LISTED).toList()));
  }

  private Optional<Alarm> inputAlarm(AttributionComparison comparison, SampleRow first, long at) {
    List<FeatureMove> moved = comparison.inputs();
    if (moved.isEmpty()) {
      return Optional.empty();
    }
    FeatureMove most = moved.get(0);
    return Optional.of(
        new Alarm(
            Kind.INPUT,
            Severity.WARNING,
            first.timestamp(),
            at,
            detector(most.sign()),
            most.statistic(),
            most.sign() == FeatureMove.Sign.INPUT ? AttributionComparison.SMALLEST_DISTANCE : 0,
            worst(moved),
            text("inputs of %s moved: %s", model.label(), named(moved)),
            moved.stream().limit(LISTED).toList()));
  }

  private static String detector(FeatureMove.Sign sign) {
    return sign == FeatureMove.Sign.INPUT ? "kolmogorov_smirnov" : sign.label();
  }

  /** The row of the window in which the feature that moved most lies farthest from where it was. */
  private Optional<Origin> worst(List<FeatureMove> moved) {
    FeatureMove most = moved.get(0);
    boolean contribution = most.sign() == FeatureMove.Sign.CONTRIBUTION;
    SampleRow worst = window.first();
    double farthest = -1;
    for (SampleRow row : window.rows()) {
      double value = contribution ? row.reduced(most.index()) : row.feature(most.index());
      double distance = Math.abs(value - most.referenceMean());
      if (distance > farthest) {
        farthest = distance;
        worst = row;
      }
    }
    return Optional.of(worst.origin());
  }

  private static String named(List<FeatureMove> moved) {
    List<FeatureMove> features = onePerFeature(moved);
    String more = features.size() > NAMED ? " and " + (features.size() - NAMED) + " more" : "";
    return features.stream()
            .limit(NAMED)
            .map(AttributionWatch::named)
            .collect(Collectors.joining(", "))
        + more;
  }

  /** The clearest sign of each, in the order of the list. */
  private static List<FeatureMove> onePerFeature(List<FeatureMove> moved) {
    Map<Integer, FeatureMove> first = new LinkedHashMap<>();
    moved.forEach(move -> first.putIfAbsent(move.index(), move));
    return List.copyOf(first.values());
  }

  private static String named(FeatureMove move) {
    return text(
        "%s (mean %.3g, was %.3g)", move.feature(), move.currentMean(), move.referenceMean());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Alerts that are open. */
  public List<Alert> openAlerts() {
    return Stream.of(attribution.open(), input.open()).flatMap(Optional::stream).toList();
  }

  /**
   * The model is no longer in use, because another one of its name is.
   *
   * @return alerts that end with it
   */
  public List<Alert> retire(long at) {
    return Stream.of(attribution.retire(at), input.retire(at)).flatMap(Optional::stream).toList();
  }

  /** Event time of the latest row, in milliseconds; 0 when there was none. */
  public long lastSeen() {
    return lastSeen;
  }

  /** Everything but the rows. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(model.name());
      out.writeUTF(model.version());
      out.writeUTF(model.fingerprint());
      out.writeInt(names.size());
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
      throw new IOException("another version wrote this");
    }
    ModelKey model = new ModelKey(in.readUTF(), in.readUTF(), in.readUTF());
    AttributionWatch watch = factory.watch(model, in.readInt());
    watch.lastSeen = in.readLong();
    watch.attribution.readFrom(in);
    watch.input.readFrom(in);
    return watch;
  }

  /** Puts rows back where they were, in their order. */
  public void restore(Place place, List<SampleRow> rows) {
    List<SampleRow> fitting = new ArrayList<>(rows);
    fitting.removeIf(row -> row.size() != names.size());
    for (SampleRow row : fitting) {
      lastSeen = Math.max(lastSeen, row.timestamp());
      (place == Place.REFERENCE ? reference : window).add(row);
    }
  }
}
