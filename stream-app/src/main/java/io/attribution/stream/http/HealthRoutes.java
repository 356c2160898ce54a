package io.attribution.stream.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.stream.json.Json;
import io.javalin.http.Context;
import java.util.List;

/** Liveness and readiness probes. */
final class HealthRoutes {
  private static final int UNAVAILABLE = 503;

  private final StreamHealth health;

  HealthRoutes(StreamHealth health) {
    this.health = health;
  }

  List<Route> routes() {
    return List.of(Route.get("/health/live", this::live), Route.get("/health/ready", this::ready));
  }

  private void live(Context context) {
    boolean up = health.isAlive();
    context.status(up ? 200 : UNAVAILABLE);
    Responses.json(context, status(up));
  }

  private void ready(Context context) {
    List<String> problems = health.problems();
    boolean up = problems.isEmpty();
    context.status(up ? 200 : UNAVAILABLE);
    Responses.json(context, status(up).put("state", health.state()).putPOJO("problems", problems));
  }

  private static ObjectNode status(boolean up) {
    return Json.object().put("status", up ? "UP" : "DOWN");
  }
}
