package io.attribution.stream.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.attribution.engine.attribution.Rejected;
import io.attribution.stream.json.JsonOutput;
import io.attribution.stream.ondemand.Explanation;
import io.attribution.stream.ondemand.RowOutcome;
import java.io.IOException;

/** Explanations with everything that is known of them. */
final class ExplanationJson {
  private ExplanationJson() {}

  static void outcome(JsonGenerator json, RowOutcome outcome) throws IOException {
    json.writeStartObject();
    if (outcome instanceof RowOutcome.Refused refused) {
      Rejected rejected = refused.rejected();
      json.writeStringField("rejected", rejected.reason().label());
      json.writeStringField("error", rejected.detail());
    } else {
      fields(json, (Explanation) outcome);
    }
    json.writeEndObject();
  }

  /** The fields of an explanation, in an object that was begun. */
  static void fields(JsonGenerator json, Explanation explanation) throws IOException {
    JsonOutput.vector(json, "embedding", explanation.embedding());
    JsonOutput.vector(json, "reconstruction", explanation.reconstruction());
    json.writeArrayFieldStart("contributions");
    int features = explanation.model().features();
    for (int from = 0; from < explanation.contributions().length; from += features) {
      JsonOutput.vector(json, explanation.contributions(), from, from + features);
    }
    json.writeEndArray();
    JsonOutput.vector(json, "reduced", explanation.reduced());
    JsonFields.number(json, "relativeError", explanation.relativeError());
    json.writeBooleanField("exact", explanation.exact());
  }
}
