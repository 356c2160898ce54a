package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.stream.json.Json;
import io.javalin.http.Context;
import java.util.Optional;

/** How responses are sent. */
final class Responses {
  static final String JSON = "application/json";

  private Responses() {}

  static void json(Context context, JsonNode document) {
    json(context, Json.bytes(document));
  }

  static void json(Context context, byte[] document) {
    context.contentType(JSON).result(document);
  }

  static void error(Context context, int status, String message) {
    context.status(status);
    json(context, error(message));
  }

  /**
   * @param reason a dead letter's label
   */
  static void error(Context context, int status, String message, Optional<String> reason) {
    ObjectNode document = error(message);
    reason.ifPresent(label -> document.put("reason", label));
    context.status(status);
    json(context, document);
  }

  /** The document of every error. */
  static ObjectNode error(String message) {
    return Json.object().put("error", message);
  }
}
