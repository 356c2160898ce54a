package io.attribution.stream.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.attribution.drift.Origin;
import io.attribution.stream.json.JsonOutput;
import io.attribution.stream.live.Alert;
import io.attribution.stream.live.Batch;
import io.attribution.stream.live.FeatureRanking;
import io.attribution.stream.live.LiveState;
import io.attribution.stream.live.ModelState;
import io.attribution.stream.live.ModelView;
import io.attribution.stream.live.Sample;
import io.attribution.stream.live.Window;
import java.io.IOException;
import java.util.List;

/** What the topics told, as the API shows it; routes and events show the same. */
final class LiveJson {
  private final LiveState state;

  LiveJson(LiveState state) {
    this.state = state;
  }

  JsonBody samples(List<Sample> samples) {
    return json -> JsonFields.list(json, samples, this::sample);
  }

  JsonBody batches(List<Batch> batches) {
    return json -> JsonFields.list(json, batches, LiveJson::batch);
  }

  JsonBody windows(List<Window> windows) {
    return json -> JsonFields.list(json, windows, LiveJson::window);
  }

  JsonBody alerts(List<Alert> alerts) {
    return json -> JsonFields.list(json, alerts, LiveJson::alert);
  }

  JsonBody alert(Alert alert) {
    return json -> alert(json, alert);
  }

  private void sample(JsonGenerator json, Sample sample) throws IOException {
    int[] top = sample.top();
    json.writeStartObject();
    JsonFields.id(json, "id", sample.origin());
    json.writeStringField("model", sample.model());
    json.writeStringField("version", sample.version());
    json.writeNumberField("time", sample.time());
    JsonFields.optional(json, "recordId", sample.recordId());
    JsonOutput.vector(json, "embedding", sample.embedding());
    JsonOutput.vector(json, "reconstruction", sample.reconstruction());
    json.writeStringField("topFeature", top.length == 0 ? "" : feature(sample, top[0]));
    json.writeArrayFieldStart("top");
    for (int index : top) {
      json.writeStartObject();
      json.writeStringField("feature", feature(sample, index));
      json.writeNumberField("index", index);
      json.writeNumberField("value", sample.reduced()[index]);
      json.writeEndObject();
    }
    json.writeEndArray();
    JsonFields.number(json, "relativeError", sample.relativeError());
    json.writeBooleanField("exact", sample.exact());
    json.writeEndObject();
  }

  private String feature(Sample sample, int index) {
    return state
        .model(sample.model())
        .map(ModelState::model)
        .map(model -> model.feature(index, sample.reduced().length))
        .orElse("feature_" + index);
  }

  private static void batch(JsonGenerator json, Batch batch) throws IOException {
    json.writeStartObject();
    json.writeStringField("model", batch.model());
    json.writeStringField("version", batch.version());
    json.writeNumberField("time", batch.time());
    json.writeNumberField("count", batch.count());
    JsonFields.number(json, "relativeError", batch.relativeError());
    JsonFields.number(json, "worstRelativeError", batch.worstRelativeError());
    JsonFields.id(json, "worst", batch.worst());
    json.writeBooleanField("exact", batch.exact());
    json.writeEndObject();
  }

  private static void window(JsonGenerator json, Window window) throws IOException {
    json.writeStartObject();
    json.writeStringField("model", window.model());
    json.writeStringField("version", window.version());
    json.writeNumberField("start", window.start());
    json.writeNumberField("end", window.end());
    json.writeNumberField("count", window.count());
    JsonFields.number(json, "relativeError", window.relativeError());
    JsonFields.number(json, "maxError", window.maxError());
    JsonFields.number(json, "meanError", window.meanError());
    JsonFields.number(json, "zMin", window.zMin());
    JsonFields.number(json, "zMax", window.zMax());
    JsonFields.number(json, "reconstructionMin", window.reconstructionMin());
    JsonFields.number(json, "reconstructionMax", window.reconstructionMax());
    json.writeBooleanField("exact", window.exact());
    json.writeNumberField("inexact", window.inexact());
    json.writeEndObject();
  }

  private static void alert(JsonGenerator json, Alert alert) throws IOException {
    json.writeStartObject();
    json.writeStringField("model", alert.model());
    json.writeStringField("version", alert.version());
    json.writeStringField("bundle", alert.bundle());
    json.writeStringField("kind", alert.kind());
    json.writeStringField("state", alert.state());
    json.writeStringField("severity", alert.severity());
    json.writeNumberField("since", alert.since());
    json.writeNumberField("at", alert.at());
    json.writeStringField("detector", alert.detector());
    JsonFields.number(json, "statistic", alert.statistic());
    JsonFields.number(json, "threshold", alert.threshold());
    JsonFields.optional(json, "probableCause", alert.probableCause());
    json.writeFieldName("worst");
    if (alert.worst().isPresent()) {
      position(json, alert.worst().get());
    } else {
      json.writeNull();
    }
    JsonFields.list(json, "features", alert.features(), LiveJson::shift);
    json.writeStringField("message", alert.message());
    json.writeStringField("id", alert.id());
    json.writeEndObject();
  }

  private static void position(JsonGenerator json, Origin origin) throws IOException {
    json.writeStartObject();
    json.writeStringField("topic", origin.topic());
    json.writeNumberField("partition", origin.partition());
    json.writeNumberField("offset", origin.offset());
    JsonFields.id(json, "id", origin);
    json.writeEndObject();
  }

  private static void shift(JsonGenerator json, Alert.Shift shift) throws IOException {
    json.writeStartObject();
    json.writeStringField("feature", shift.feature());
    JsonFields.number(json, "statistic", shift.statistic());
    json.writeStringField("what", shift.what());
    json.writeEndObject();
  }

  /** The strongest features over the samples. */
  JsonBody ranking(FeatureRanking ranking, int limit) {
    return json -> {
      ModelView model = ranking.model();
      List<Sample> rows = ranking.rows();
      json.writeStartObject();
      json.writeStringField("model", model.name());
      json.writeStringField("version", rows.isEmpty() ? model.version() : rows.get(0).version());
      json.writeStringField("basis", ranking.basis());
      json.writeNumberField("rows", rows.size());
      time(json, "from", rows.stream().mapToLong(Sample::time).min());
      time(json, "to", rows.stream().mapToLong(Sample::time).max());
      json.writeArrayFieldStart("features");
      for (int index : ranking.strongest(limit)) {
        feature(json, ranking, index);
      }
      json.writeEndArray();
      json.writeEndObject();
    };
  }

  private static void time(JsonGenerator json, String name, java.util.OptionalLong millis)
      throws IOException {
    json.writeFieldName(name);
    if (millis.isPresent()) {
      json.writeNumber(millis.getAsLong());
    } else {
      json.writeNull();
    }
  }

  private static void feature(JsonGenerator json, FeatureRanking ranking, int index)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("feature", ranking.feature(index));
    json.writeNumberField("index", index);
    JsonFields.number(json, "l2", ranking.strength(index));
    JsonFields.number(json, "normalized", ranking.normalized(index));
    json.writeFieldName("signed");
    if (ranking.outputs() == 0) {
      json.writeNull();
    } else {
      json.writeStartArray();
      for (int output = 0; output < ranking.outputs(); output++) {
        json.writeNumber(ranking.signed(output, index));
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
