package io.attribution.stream.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.attribution.stream.live.AlertBoard;
import io.attribution.stream.monitoring.ResidentMemory;
import io.attribution.stream.monitoring.StreamFigures;
import io.attribution.stream.monitoring.StreamMetrics;
import io.attribution.stream.monitoring.ThroughputWindow;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** How this instance does. */
final class Operations {
  private final StreamHealth health;
  private final StreamMetrics metrics;
  private final AlertBoard alerts;
  private final LongSupplier nanoClock;
  private final ThroughputWindow throughput = new ThroughputWindow();

  Operations(
      StreamHealth health, StreamMetrics metrics, AlertBoard alerts, LongSupplier nanoClock) {
    this.health = health;
    this.metrics = metrics;
    this.alerts = alerts;
    this.nanoClock = nanoClock;
  }

  /** To be called about once per second: the rate is what changed between the calls. */
  void observe() {
    throughput.observe(nanoClock.getAsLong(), metrics.figures().explained());
  }

  JsonBody json() {
    StreamFigures figures = metrics.figures();
    return json -> {
      json.writeStartObject();
      json.writeStringField("state", health.state());
      json.writeNumberField("recordsPerSecond", throughput.perSecond());
      optional(json, "lag", health.lag());
      json.writeObjectFieldStart("batchSize");
      json.writeNumberField("mean", figures.meanRows());
      json.writeNumberField("max", (long) figures.maxRows());
      json.writeEndObject();
      counts(json, "drains", figures.drains());
      json.writeObjectFieldStart("stageMillis");
      for (Map.Entry<String, Double> stage : figures.stageMillis().entrySet()) {
        json.writeNumberField(stage.getKey(), stage.getValue());
      }
      json.writeEndObject();
      counts(json, "deadLetters", figures.deadLetters());
      json.writeNumberField("explained", figures.explained());
      Runtime java = Runtime.getRuntime();
      json.writeNumberField("heapUsedBytes", java.totalMemory() - java.freeMemory());
      optional(json, "residentBytes", ResidentMemory.bytes());
      counts(json, "openAlerts", alerts.open());
      json.writeEndObject();
    };
  }

  private static void optional(JsonGenerator json, String name, OptionalLong value)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsLong());
    } else {
      json.writeNullField(name);
    }
  }

  private static void counts(JsonGenerator json, String name, Map<String, ? extends Number> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, ? extends Number> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue().longValue());
    }
    json.writeEndObject();
  }
}
