package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.VerificationMetric;
import io.attribution.schema.VerificationWindow;
import io.attribution.stream.json.AlertDocument;
import io.attribution.stream.json.Json;
import io.attribution.stream.live.FeatureRanking;
import io.attribution.stream.live.LiveState;
import io.attribution.stream.live.ModelState;
import io.attribution.stream.live.Sample;
import io.attribution.stream.serde.SourcePositions;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The API's documents of live records; routes and events send the same ones. */
final class LiveDocuments {
  private final LiveState state;

  LiveDocuments(LiveState state) {
    this.state = state;
  }

  JsonNode samples(List<Sample> samples) {
    return Json.array(samples, this::sample);
  }

  static JsonNode batches(List<VerificationMetric> batches) {
    return Json.array(batches, LiveDocuments::batch);
  }

  static JsonNode windows(List<VerificationWindow> windows) {
    return Json.array(windows, LiveDocuments::window);
  }

  static JsonNode alerts(List<DriftAlert> alerts) {
    return Json.array(alerts, AlertDocument::of);
  }

  private ObjectNode sample(Sample sample) {
    List<Integer> top = Arrays.stream(sample.top()).boxed().toList();
    ObjectNode document =
        Json.object()
            .put("id", sample.origin().toString())
            .put("model", sample.model())
            .put("version", sample.version())
            .put("time", sample.time())
            .put("recordId", sample.recordId().orElse(null))
            .putPOJO("embedding", sample.embedding())
            .putPOJO("reconstruction", sample.reconstruction())
            .put("method", sample.method())
            .put("topFeature", top.isEmpty() ? "" : feature(sample, top.get(0)));
    if (sample.base().length > 0) {
      document.putPOJO("base", sample.base());
    }
    document.set("top", Json.array(top, index -> topFeature(sample, index)));
    return document
        .put("relativeError", Json.finite(sample.relativeError()))
        .put("exact", sample.exact());
  }

  private ObjectNode topFeature(Sample sample, int index) {
    return Json.object()
        .put("feature", feature(sample, index))
        .put("index", index)
        .put("value", sample.reduced()[index]);
  }

  private String feature(Sample sample, int index) {
    return state
        .model(sample.model())
        .map(ModelState::model)
        .map(model -> model.feature(index, sample.reduced().length))
        .orElse("feature_" + index);
  }

  private static ObjectNode batch(VerificationMetric batch) {
    return Json.object()
        .put("model", batch.getModel())
        .put("version", batch.getVersion())
        .put("time", batch.getLastTimestamp().toEpochMilli())
        .put("count", batch.getCount())
        .put("relativeError", Json.finite(batch.getRelativeError()))
        .put("worstRelativeError", Json.finite(batch.getWorstRelativeError()))
        .put("worst", SourcePositions.of(batch.getSource(), batch.getWorstOffset()).toString())
        .put("exact", batch.getExact());
  }

  private static ObjectNode window(VerificationWindow window) {
    return Json.object()
        .put("model", window.getModel())
        .put("version", window.getVersion())
        .put("start", window.getStart().toEpochMilli())
        .put("end", window.getEnd().toEpochMilli())
        .put("count", window.getCount())
        .put("relativeError", Json.finite(window.getRelativeError()))
        .put("maxError", Json.finite(window.getMaxError()))
        .put("meanError", Json.finite(window.getMeanError()))
        .put("zMin", Json.finite(window.getZMin()))
        .put("zMax", Json.finite(window.getZMax()))
        .put("reconstructionMin", Json.finite(window.getReconstructionMin()))
        .put("reconstructionMax", Json.finite(window.getReconstructionMax()))
        .put("exact", window.getExact())
        .put("inexact", window.getInexact());
  }

  /** The strongest features over the samples. */
  static JsonNode ranking(FeatureRanking ranking, int limit) {
    List<Sample> rows = ranking.rows();
    List<Integer> strongest = Arrays.stream(ranking.strongest(limit)).boxed().toList();
    return Json.object()
        .put("model", ranking.model().name())
        .put("version", rows.isEmpty() ? ranking.model().version() : rows.get(0).version())
        .put("basis", ranking.basis())
        .put("rows", rows.size())
        .put("from", orNull(rows.stream().mapToLong(Sample::time).min()))
        .put("to", orNull(rows.stream().mapToLong(Sample::time).max()))
        .set("features", Json.array(strongest, index -> ranked(ranking, index)));
  }

  private static ObjectNode ranked(FeatureRanking ranking, int index) {
    int outputs = ranking.outputs();
    return Json.object()
        .put("feature", ranking.feature(index))
        .put("index", index)
        .put("l2", Json.finite(ranking.strength(index)))
        .put("normalized", Json.finite(ranking.normalized(index)))
        .putPOJO(
            "signed",
            outputs == 0
                ? null
                : IntStream.range(0, outputs)
                    .mapToDouble(output -> ranking.signed(output, index))
                    .toArray());
  }

  /** JSON's null for what is not known. */
  static @Nullable Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
