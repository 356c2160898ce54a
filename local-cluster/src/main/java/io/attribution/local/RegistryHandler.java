package io.attribution.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.confluent.kafka.schemaregistry.client.rest.Versions;
import io.confluent.kafka.schemaregistry.client.rest.entities.ErrorMessage;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.utils.JacksonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads each request to its route, and writes the answer, or the refusal, as JSON. */
final class RegistryHandler implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryHandler.class);
  private static final int STORE_ERROR = 50001;

  private final List<Route> routes;
  private volatile boolean paused;

  RegistryHandler(List<Route> routes) {
    this.routes = List.copyOf(routes);
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
      return new Reply(200, answer(exchange.getRequestMethod(), call));
    } catch (RegistryError e) {
      return new Reply(e.status(), new ErrorMessage(e.code(), e.description()));
    } catch (IOException | RestClientException | RuntimeException e) {
      LOG.warn("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      return new Reply(500, new ErrorMessage(STORE_ERROR, String.valueOf(e.getMessage())));
    }
  }

  /** One call at a time: what the routes use is not thread-safe. */
  private synchronized Object answer(String method, RegistryCall call)
      throws IOException, RestClientException, RegistryError {
    boolean pathExists = false;
    for (Route route : routes) {
      Optional<List<String>> arguments = route.match(call.path());
      if (arguments.isPresent() && route.method().equals(method)) {
        return route.action().answer(call.with(arguments.get()));
      }
      pathExists |= arguments.isPresent();
    }
    throw pathExists
        ? RegistryError.http(405, "HTTP 405 Method Not Allowed")
        : RegistryError.http(404, "HTTP 404 Not Found");
  }

  private record Reply(int status, Object value) {}
}
