package io.attribution.stream.http;

import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Server-sent events. A client keeps the thread that serves it: a slow one then holds up nobody
 * else.
 */
final class EventRoute {
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
    EventQueue queue =
        hub.subscribe()
            .orElseThrow(
                () ->
                    new HttpProblem(
                        503,
                        EventHub.MAX_CLIENTS
                            + " clients are connected; close one, or ask another"
                            + " instance"));
    try {
      send(context.res(), queue);
    } catch (IOException e) {
      // The client went away, or takes nothing any more.
    } finally {
      hub.unsubscribe(queue);
    }
  }

  private void send(HttpServletResponse response, EventQueue queue)
      throws IOException, InterruptedException {
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    // Proxies such as nginx would collect events otherwise.
    response.setHeader("X-Accel-Buffering", "no");
    OutputStream out = response.getOutputStream();
    byte[] hello = EventHub.event("hello", this::hello);
    out.write(hello);
    out.flush();
    while (!queue.isClosed()) {
      byte[] event = queue.poll(KEEP_ALIVE_MILLIS);
      if (!queue.isClosed()) {
        out.write(event == null ? KEEP_ALIVE : event);
        if (queue.hasCaughtUp()) {
          // Whoever greets is asked for what was missed, as after a new connection.
          out.write(hello);
        }
        out.flush();
      }
    }
  }

  private void hello(com.fasterxml.jackson.core.JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeFieldName("models");
    models.json().write(json);
    json.writeEndObject();
  }
}
