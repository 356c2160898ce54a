package io.attribution.stream.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Optional;

/** How answers are sent. */
final class Responses {
  static final String JSON = "application/json";

  private Responses() {}

  static void json(Context context, JsonBody body) {
    json(context, body.bytes());
  }

  static void json(Context context, byte[] body) {
    context.contentType(JSON).result(body);
  }

  static void error(Context context, int status, String message) {
    error(context, status, message, Optional.empty());
  }

  static void error(Context context, int status, String message, Optional<String> reason) {
    JsonBody body = json -> error(json, message, reason);
    context.status(status);
    json(context, body);
  }

  private static void error(JsonGenerator json, String message, Optional<String> reason)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("error", message);
    if (reason.isPresent()) {
      json.writeStringField("reason", reason.get());
    }
    json.writeEndObject();
  }
}
