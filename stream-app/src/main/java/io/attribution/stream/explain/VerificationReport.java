package io.attribution.stream.explain;

import com.fasterxml.jackson.core.JsonGenerator;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.json.JsonOutput;
import java.io.IOException;
import java.io.OutputStream;

/** The verification of a whole file as one JSON object. */
final class VerificationReport {
  private VerificationReport() {}

  /**
   * @param stream stays the caller's to close
   */
  static void write(OutputStream stream, VerificationSummary summary) throws IOException {
    try (JsonGenerator json = JsonOutput.to(stream)) {
      json.writeStartObject();
      json.writeNumberField("count", summary.count());
      range(json, "zRange", summary, summary.zMin(), summary.zMax());
      range(
          json,
          "reconstructionRange",
          summary,
          summary.reconstructionMin(),
          summary.reconstructionMax());
      json.writeNumberField("maxError", summary.maxError());
      json.writeNumberField("meanError", summary.meanError());
      json.writeNumberField("relativeError", summary.relativeError());
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  /** The ends are float32 values, written like those of the embedding; no rows have no range. */
  private static void range(
      JsonGenerator json, String name, VerificationSummary summary, double low, double high)
      throws IOException {
    if (summary.count() == 0) {
      json.writeNullField(name);
      return;
    }
    json.writeFieldName(name);
    JsonOutput.vector(json, new float[] {(float) low, (float) high}, 0, 2);
  }
}
