package io.attribution.drift;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns alarms into alerts: one at the first alarm, one when the severity rises, one when no alarm
 * came for a while. An alarm that comes and goes is one alert.
 */
final class AlertTracker {
  private static final int QUIET_OBSERVATIONS = 3;

  private final ModelKey model;
  private final Duration resolveAfter;
  private @Nullable Alert open;
  private long lastAlarmAt;
  private int quiet;

  /**
   * @param resolveAfter time without an alarm after which an alert is resolved, in event time
   */
  AlertTracker(ModelKey model, Duration resolveAfter) {
    this.model = model;
    this.resolveAfter = resolveAfter;
  }

  /**
   * @param diagnosis called only when the alert opens, or gets worse without a known cause
   * @return the alert when it opens or gets worse
   */
  Optional<Alert> alarm(Alarm alarm, Supplier<ProbableCause> diagnosis) {
    quiet = 0;
    lastAlarmAt = Math.max(lastAlarmAt, alarm.at());
    Alert before = open;
    if (before != null && alarm.severity().compareTo(before.alarm().severity()) <= 0) {
      return Optional.empty();
    }
    Alert now = before == null ? opened(alarm, diagnosis) : worse(before, alarm, diagnosis);
    open = now;
    return Optional.of(now);
  }

  private Alert opened(Alarm alarm, Supplier<ProbableCause> diagnosis) {
    return alert(alarm, id(alarm), diagnosis.get());
  }

  private Alert worse(Alert before, Alarm alarm, Supplier<ProbableCause> diagnosis) {
    ProbableCause known =
        before.cause().isPresent() ? new ProbableCause(before.cause(), "") : diagnosis.get();
    return alert(alarm.withSince(before.alarm().since()), before.id(), known);
  }

  private Alert alert(Alarm alarm, String id, ProbableCause diagnosis) {
    String message =
        diagnosis.explanation().isEmpty()
            ? alarm.message()
            : alarm.message() + "; " + diagnosis.explanation();
    return new Alert(model, id, true, alarm.at(), alarm.withMessage(message), diagnosis.cause());
  }

  /**
   * Counts an observation without an alarm.
   *
   * @param at its event time, in milliseconds
   * @return the alert when it is resolved
   */
  Optional<Alert> quiet(long at) {
    quiet++;
    Alert before = open;
    if (before == null
        || quiet < QUIET_OBSERVATIONS
        || at - lastAlarmAt < resolveAfter.toMillis()) {
      return Optional.empty();
    }
    return Optional.of(resolve(before, at, "no alarm for " + seconds(at - lastAlarmAt)));
  }

  /** Resolves the open alert of a model that was replaced or sends nothing any more. */
  Optional<Alert> retire(long at, String why) {
    return Optional.ofNullable(open).map(before -> resolve(before, at, why));
  }

  private Alert resolve(Alert before, long at, String why) {
    open = null;
    Alarm alarm = before.alarm().withMessage("resolved: " + why);
    return new Alert(model, before.id(), false, at, alarm, before.cause());
  }

  Optional<Alert> open() {
    return Optional.ofNullable(open);
  }

  private static String seconds(long millis) {
    return Math.max(1, Math.round(millis / 1000.0)) + " s";
  }

  /** Derived from the data alone: a batch that is processed again has the same id. */
  private String id(Alarm alarm) {
    return String.join(
        "/",
        model.name(),
        model.version(),
        alarm.kind().label(),
        alarm.worst().map(Origin::toString).orElse(String.valueOf(alarm.since())));
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeLong(lastAlarmAt);
    out.writeInt(quiet);
    out.writeBoolean(open != null);
    if (open != null) {
      write(out, open);
    }
  }

  private static void write(DataOutput out, Alert alert) throws IOException {
    Alarm alarm = alert.alarm();
    out.writeUTF(alert.id());
    out.writeLong(alert.at());
    out.writeUTF(alert.cause().orElse(""));
    out.writeUTF(alarm.kind().name());
    out.writeUTF(alarm.severity().name());
    out.writeLong(alarm.since());
    out.writeLong(alarm.at());
    out.writeUTF(alarm.detector());
    out.writeDouble(alarm.statistic());
    out.writeDouble(alarm.threshold());
    out.writeBoolean(alarm.worst().isPresent());
    if (alarm.worst().isPresent()) {
      Origin worst = alarm.worst().get();
      out.writeUTF(worst.topic());
      out.writeInt(worst.partition());
      out.writeLong(worst.offset());
    }
  }

  /** Restores the open alert without its message and features, which are not stored. */
  void readFrom(DataInput in) throws IOException {
    lastAlarmAt = in.readLong();
    quiet = in.readInt();
    open = in.readBoolean() ? read(in) : null;
  }

  private Alert read(DataInput in) throws IOException {
    String id = in.readUTF();
    long at = in.readLong();
    Optional<String> cause = Optional.of(in.readUTF()).filter(text -> !text.isEmpty());
    Alarm alarm =
        new Alarm(
            Kind.valueOf(in.readUTF()),
            Severity.valueOf(in.readUTF()),
            in.readLong(),
            in.readLong(),
            in.readUTF(),
            in.readDouble(),
            in.readDouble(),
            in.readBoolean()
                ? Optional.of(new Origin(in.readUTF(), in.readInt(), in.readLong()))
                : Optional.empty(),
            "",
            List.of());
    return new Alert(model, id, true, at, alarm, cause);
  }
}
