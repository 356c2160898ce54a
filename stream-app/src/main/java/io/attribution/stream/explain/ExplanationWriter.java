package io.attribution.stream.explain;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.reduction.TopFeatures;
import io.attribution.stream.json.Json;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Writes one JSON object per explained row, each on a line of its own. */
final class ExplanationWriter implements Closeable {
  private final JsonGenerator json;
  private final ExplanationFormat format;
  private long rows;

  /**
   * @param stream stays the caller's to close
   */
  ExplanationWriter(OutputStream stream, ExplanationFormat format) throws IOException {
    this.json = Json.generator(stream);
    this.format = format;
  }

  /** Writes the next row; its id is the number of rows before it. */
  void write(Attributed row) throws IOException {
    double relativeError = row.verification().relativeError();
    float[] reduced = row.reduced();
    ObjectNode document =
        Json.object()
            .put("id", Long.toString(rows++))
            .putPOJO("embedding", row.embedding())
            .putPOJO("contributions", Json.matrix(row.contributions(), format.features().size()))
            .putPOJO("reduced", reduced);
    format.topK().ifPresent(k -> document.set("top", top(reduced, k)));
    if (format.method() != ContributionMethod.JACOBIAN) {
      addBase(document, row);
    }
    json.writeTree(
        document
            .put("relativeError", relativeError)
            .put("exact", relativeError <= format.tolerance()));
    json.writeRaw('\n');
  }

  /** Of the other methods base + Σ contributions = embedding; of jacobian the base is 0. */
  private void addBase(ObjectNode document, Attributed row) {
    document.put("method", format.method().label()).putPOJO("base", row.base());
    if (format.method().hasPath()) {
      document.put("nodes", row.nodes());
    }
    row.standardError().ifPresent(error -> document.put("standardError", error));
  }

  private ArrayNode top(float[] reduced, int k) {
    return Json.array(
        Arrays.stream(TopFeatures.indices(reduced, k)).boxed().toList(),
        feature ->
            Json.object()
                .put("feature", format.features().get(feature))
                .put("value", reduced[feature]));
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
