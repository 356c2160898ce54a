package io.attribution.stream.http;

import io.javalin.http.Context;
import java.util.List;

/** For who starts, stops and restarts instances. */
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
    Responses.json(
        context,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", up ? "UP" : "DOWN");
          json.writeEndObject();
        });
  }

  private void ready(Context context) {
    boolean up = health.isReady();
    context.status(up ? 200 : UNAVAILABLE);
    Responses.json(
        context,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", up ? "UP" : "DOWN");
          json.writeStringField("state", health.state());
          json.writeEndObject();
        });
  }
}
