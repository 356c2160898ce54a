package io.attribution.stream.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.drift.Origin;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.FeatureShift;
import io.attribution.schema.SourcePosition;
import io.attribution.stream.serde.SourcePositions;
import org.jspecify.annotations.Nullable;

/** An alert as the HTTP API and the webhook publish it: the schema Alert of openapi.json. */
public final class AlertDocument {
  private AlertDocument() {}

  public static ObjectNode of(DriftAlert alert) {
    ObjectNode document =
        Json.object()
            .put("model", alert.getModel())
            .put("version", alert.getVersion())
            .put("bundle", alert.getBundle())
            .put("kind", alert.getKind())
            .put("state", alert.getState())
            .put("severity", alert.getSeverity())
            .put("since", alert.getSince().toEpochMilli())
            .put("at", alert.getAt().toEpochMilli())
            .put("detector", alert.getDetector())
            .put("statistic", Json.finite(alert.getStatistic()))
            .put("threshold", Json.finite(alert.getThreshold()))
            .put("probableCause", alert.getProbableCause());
    document.set("worst", worst(alert.getWorst()));
    document.set("features", Json.array(alert.getFeatures(), AlertDocument::feature));
    return document.put("message", alert.getMessage()).put("id", alert.getAlertId());
  }

  private static @Nullable ObjectNode worst(@Nullable SourcePosition source) {
    if (source == null) {
      return null;
    }
    Origin origin = SourcePositions.of(source);
    return Json.object()
        .put("topic", origin.topic())
        .put("partition", origin.partition())
        .put("offset", origin.offset())
        .put("id", origin.toString());
  }

  private static ObjectNode feature(FeatureShift shift) {
    return Json.object()
        .put("feature", shift.getFeature())
        .put("statistic", Json.finite(shift.getStatistic()))
        .put("what", shift.getWhat());
  }
}
