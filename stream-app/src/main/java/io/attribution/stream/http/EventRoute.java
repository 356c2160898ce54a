package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.attribution.stream.json.Json;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Server-sent events. Each client occupies a thread of the server, so that a slow client delays no
 * other.
 */
final class EventRoute {
  private static final String EVENTS = "text/event-stream";
  private static final long KEEP_ALIVE_MILLIS = 15_000;
  private static final byte[] KEEP_ALIVE = ": still here\n\n".getBytes(StandardCharsets.UTF_8);

  private final EventHub hub;
  private final ModelCatalog models;

  EventRoute(EventHub hub, ModelCatalog models) {
    this.hub = hub;
    this.models = models;
  }

  Route route() {
    return Route.get("/api/v1/stream", this::stream);
  }

  private void stream(Context context) throws InterruptedException {
    if (context.method().equals(HandlerType.HEAD)) {
      context.contentType(EVENTS);
      return;
    }
    EventQueue queue =
        hub.subscribe(Requests.client(context))
            .orElseThrow(
                () ->
                    new HttpProblem(
                        503,
                        "too many clients of events are connected (%d, half of them from one address); close one, or use another instance"
                            .formatted(EventHub.MAX_CLIENTS)));
    try {
      send(context.res(), queue);
    } catch (IOException e) {
      // The client disconnected, or stopped reading.
    } finally {
      hub.unsubscribe(queue);
    }
  }

  private void send(HttpServletResponse response, EventQueue queue)
      throws IOException, InterruptedException {
    response.setContentType(EVENTS);
    response.setCharacterEncoding("UTF-8");
    // Proxies such as nginx would buffer events otherwise.
    response.setHeader("X-Accel-Buffering", "no");
    OutputStream out = response.getOutputStream();
    byte[] hello = EventHub.event("hello", hello());
    out.write(hello);
    out.flush();
    while (!queue.isClosed()) {
      byte[] event = queue.poll(KEEP_ALIVE_MILLIS);
      if (!queue.isClosed()) {
        out.write(event == null ? KEEP_ALIVE : event);
        if (queue.hasCaughtUp()) {
          // A client loads its state on hello: it then has what it missed.
          out.write(hello);
        }
        out.flush();
      }
    }
  }

  private JsonNode hello() {
    return Json.object().set("models", models.json());
  }
}
