package io.attribution.stream.explain;

import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.json.Json;
import java.io.IOException;
import java.io.OutputStream;

/** The verification of a whole file as one JSON object. */
final class VerificationReport {
  private VerificationReport() {}

  /**
   * @param stream stays the caller's to close
   */
  static void write(OutputStream stream, VerificationSummary summary) throws IOException {
    boolean isEmpty = summary.count() == 0;
    stream.write(
        Json.bytes(
            Json.object()
                .put("count", summary.count())
                .putPOJO("zRange", isEmpty ? null : range(summary.zMin(), summary.zMax()))
                .putPOJO(
                    "reconstructionRange",
                    isEmpty
                        ? null
                        : range(summary.reconstructionMin(), summary.reconstructionMax()))
                .put("maxError", summary.maxError())
                .put("meanError", summary.meanError())
                .put("relativeError", summary.relativeError())));
    stream.write('\n');
  }

  /** The ends are float32 values, written like those of the embedding. */
  private static float[] range(double low, double high) {
    return new float[] {(float) low, (float) high};
  }
}
