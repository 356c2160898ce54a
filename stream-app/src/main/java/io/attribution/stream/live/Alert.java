package io.attribution.stream.live;

import io.attribution.drift.Origin;
import io.attribution.stream.serde.AvroFields;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/**
 * An alert that was opened or resolved.
 *
 * @param kind linearity_error, attribution, input
 * @param state open or resolved
 * @param since when the change began, in milliseconds since the epoch
 * @param at when it was judged
 * @param worst the input record that shows it best
 * @param id the same for the opening and the resolving
 */
public record Alert(
    String model,
    String version,
    String bundle,
    String kind,
    String state,
    String severity,
    long since,
    long at,
    String detector,
    double statistic,
    double threshold,
    Optional<String> probableCause,
    Optional<Origin> worst,
    List<Shift> features,
    String message,
    String id) {
  private static final String OPEN = "open";

  /** A feature that moved: what of it, and how far. */
  public record Shift(String feature, double statistic, String what) {}

  /** What can be open once at a time. */
  record Subject(String model, String bundle, String kind) {}

  Subject subject() {
    return new Subject(model, bundle, kind);
  }

  boolean isOpen() {
    return state.equals(OPEN);
  }

  /**
   * @param value a DriftAlert
   */
  static Alert of(GenericRecord value) {
    return new Alert(
        AvroFields.text(value, "model"),
        AvroFields.text(value, "version"),
        AvroFields.text(value, "bundle"),
        AvroFields.text(value, "kind"),
        AvroFields.text(value, "state"),
        AvroFields.text(value, "severity"),
        AvroFields.whole(value, "since"),
        AvroFields.whole(value, "at"),
        AvroFields.text(value, "detector"),
        AvroFields.number(value, "statistic"),
        AvroFields.number(value, "threshold"),
        AvroFields.optionalText(value, "probableCause"),
        Optional.ofNullable((GenericRecord) value.get("worst")).map(AvroFields::origin),
        ((List<?>) value.get("features"))
            .stream().map(shift -> shift((GenericRecord) shift)).toList(),
        AvroFields.text(value, "message"),
        AvroFields.text(value, "alertId"));
  }

  private static Shift shift(GenericRecord value) {
    return new Shift(
        AvroFields.text(value, "feature"),
        AvroFields.number(value, "statistic"),
        AvroFields.text(value, "what"));
  }
}
