package io.attribution.stream.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What no route ever sees, such as addresses that cannot be decoded, gets one line of JSON too. */
final class JsonErrorHandler extends ErrorHandler {

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.CONTENT_TYPE, Responses.JSON);
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
    JsonBody body = json -> error(json, code, message);
    response.write(true, ByteBuffer.wrap(body.bytes()), callback);
  }

  private static void error(JsonGenerator json, int status, @Nullable String reason)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("error", reason == null ? "status " + status : reason);
    json.writeEndObject();
  }
}
