package io.attribution.stream.explain;

import com.fasterxml.jackson.core.JsonGenerator;
import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.reduction.TopFeatures;
import io.attribution.stream.json.JsonOutput;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** Writes one JSON object per explained row, one per line, as they come. */
final class ExplanationWriter implements Closeable {
  private final JsonGenerator json;
  private final ExplanationFormat format;
  private long rows;

  /**
   * @param stream stays the caller's to close
   */
  ExplanationWriter(OutputStream stream, ExplanationFormat format) throws IOException {
    this.json = JsonOutput.to(stream);
    this.format = format;
  }

  /** Writes the next row; its id is the number of rows before it. */
  void write(Attributed row) throws IOException {
    double relativeError = row.verification().relativeError();
    float[] reduced = row.reduced();
    json.writeStartObject();
    json.writeStringField("id", Long.toString(rows++));
    JsonOutput.vector(json, "embedding", row.embedding());
    writeContributions(row.contributions());
    JsonOutput.vector(json, "reduced", reduced);
    if (format.topK().isPresent()) {
      writeTop(reduced, format.topK().getAsInt());
    }
    json.writeNumberField("relativeError", relativeError);
    json.writeBooleanField("exact", relativeError <= format.tolerance());
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** C as O arrays of D. */
  private void writeContributions(float[] contributions) throws IOException {
    int features = format.features().size();
    json.writeArrayFieldStart("contributions");
    for (int from = 0; from < contributions.length; from += features) {
      JsonOutput.vector(json, contributions, from, from + features);
    }
    json.writeEndArray();
  }

  private void writeTop(float[] reduced, int k) throws IOException {
    json.writeArrayFieldStart("top");
    for (int feature : TopFeatures.indices(reduced, k)) {
      json.writeStartObject();
      json.writeStringField("feature", format.features().get(feature));
      json.writeNumberField("value", reduced[feature]);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
