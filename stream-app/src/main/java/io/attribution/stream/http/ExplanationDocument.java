package io.attribution.stream.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.engine.attribution.Rejected;
import io.attribution.stream.json.Json;
import io.attribution.stream.ondemand.Explanation;
import io.attribution.stream.ondemand.RowOutcome;

/** The API's documents of explanations. */
final class ExplanationDocument {
  private ExplanationDocument() {}

  static ObjectNode of(RowOutcome outcome) {
    if (outcome instanceof RowOutcome.Refused refused) {
      Rejected rejected = refused.rejected();
      return Json.object()
          .put("rejected", rejected.reason().label())
          .put("error", rejected.detail());
    }
    return addTo(Json.object(), (Explanation) outcome);
  }

  /** Adds the fields of an explanation. */
  static ObjectNode addTo(ObjectNode document, Explanation explanation) {
    return document
        .putPOJO("embedding", explanation.embedding())
        .putPOJO("reconstruction", explanation.reconstruction())
        .putPOJO(
            "contributions",
            Json.matrix(explanation.contributions(), explanation.model().features()))
        .putPOJO("reduced", explanation.reduced())
        .put("relativeError", Json.finite(explanation.relativeError()))
        .put("exact", explanation.exact());
  }
}
