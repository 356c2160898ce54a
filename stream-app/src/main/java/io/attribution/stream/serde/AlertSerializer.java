package io.attribution.stream.serde;

import io.attribution.drift.Alarm;
import io.attribution.drift.Alert;
import io.attribution.drift.FeatureMove;
import io.attribution.drift.ModelKey;
import java.util.List;
import org.apache.kafka.common.serialization.Serializer;

/** Writes DriftAlert; field for field in the order of the schema. */
public final class AlertSerializer implements Serializer<Alert> {
  private static final int TYPICAL_BYTES = 512;

  private final int schemaId;

  public AlertSerializer(int schemaId) {
    this.schemaId = schemaId;
  }

  @Override
  public byte[] serialize(String topic, Alert alert) {
    Alarm alarm = alert.alarm();
    AvroOutput out =
        model(
                new AvroOutput(TYPICAL_BYTES).writeRaw(ConfluentFrame.header(schemaId)),
                alert.model())
            .writeString(alarm.kind().label())
            .writeString(alert.state())
            .writeString(alarm.severity().label())
            .writeLong(alarm.since())
            .writeLong(alert.at())
            .writeString(alarm.detector())
            .writeDouble(alarm.statistic())
            .writeDouble(alarm.threshold())
            .writeOptionalString(alert.cause());
    if (alarm.worst().isPresent()) {
      ContributionFields.origin(out.writeLong(1), alarm.worst().get());
    } else {
      out.writeLong(0);
    }
    out.writeString(alarm.message()).writeString(alert.id());
    return features(out, alarm.features()).toByteArray();
  }

  static AvroOutput model(AvroOutput out, ModelKey model) {
    return out.writeString(model.name())
        .writeString(model.version())
        .writeString(model.fingerprint());
  }

  private static AvroOutput features(AvroOutput out, List<FeatureMove> features) {
    if (!features.isEmpty()) {
      out.writeLong(features.size());
    }
    for (FeatureMove move : features) {
      out.writeString(move.feature())
          .writeLong(move.index())
          .writeString(move.sign().label())
          .writeDouble(move.statistic())
          .writeDouble(move.referenceMean())
          .writeDouble(move.currentMean());
    }
    return out.writeLong(0);
  }
}
