package io.attribution.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.confluent.kafka.schemaregistry.client.rest.Versions;
import io.confluent.kafka.schemaregistry.client.rest.entities.ErrorMessage;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.utils.JacksonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads requests and writes what the routes answer, or why they refuse, as JSON. */
final class RegistryHandler implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryHandler.class);
  private static final int STORE_ERROR = 50001;

  private final Router router;
  private volatile boolean paused;

  RegistryHandler(Router router) {
    this.router = router;
  }

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply = reply(exchange, RegistryCall.read(exchange));
      byte[] json =
          JacksonMapper.INSTANCE.writeValueAsString(reply.value()).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", Versions.SCHEMA_REGISTRY_V1_JSON);
      exchange.sendResponseHeaders(reply.status(), json.length);
      exchange.getResponseBody().write(json);
    }
  }

  private Reply reply(HttpExchange exchange, RegistryCall call) {
    try {
      if (paused) {
        throw RegistryError.http(503, "The registry is paused");
      }
      return new Reply(200, router.answer(exchange.getRequestMethod(), call));
    } catch (RegistryError e) {
      return new Reply(e.status(), new ErrorMessage(e.code(), e.description()));
    } catch (IOException | RestClientException | RuntimeException e) {
      LOG.warn("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      return new Reply(500, new ErrorMessage(STORE_ERROR, String.valueOf(e.getMessage())));
    }
  }

  private record Reply(int status, Object value) {}
}
