package io.attribution.stream.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.method.ContributionMethod;
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
    ContributionMethod method = explanation.model().method();
    document
        .putPOJO("embedding", explanation.embedding())
        .putPOJO("reconstruction", explanation.reconstruction())
        .put("method", method.label());
    if (method != ContributionMethod.JACOBIAN) {
      document.putPOJO("base", explanation.base());
    }
    if (method.hasPath()) {
      document.put("nodes", explanation.nodes());
    }
    explanation.standardError().ifPresent(error -> document.put("standardError", error));
    return document
        .putPOJO(
            "contributions",
            Json.matrix(explanation.contributions(), explanation.model().features()))
        .putPOJO("reduced", explanation.reduced())
        .put("relativeError", Json.finite(explanation.relativeError()))
        .put("exact", explanation.exact());
  }
}
