package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.stream.json.Json;
import io.attribution.stream.live.AlertBoard;
import io.attribution.stream.monitoring.Outside;
import io.attribution.stream.monitoring.ResidentMemory;
import io.attribution.stream.monitoring.StreamFigures;
import io.attribution.stream.monitoring.StreamMetrics;
import io.attribution.stream.monitoring.ThroughputWindow;
import java.util.function.LongSupplier;

/** The state and the throughput of this instance. */
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

  /** To be called about once per second: the rate is the change between the calls. */
  void observe() {
    throughput.observe(nanoClock.getAsLong(), metrics.figures().explained());
  }

  JsonNode json() {
    StreamFigures figures = metrics.figures();
    Outside outside = health.outside();
    Runtime java = Runtime.getRuntime();
    ObjectNode document =
        Json.object()
            .put("state", health.state())
            .put("recordsPerSecond", throughput.perSecond())
            .put("lag", LiveDocuments.orNull(outside.commits().lag()));
    document
        .putObject("batchSize")
        .put("mean", figures.meanRows())
        .put("max", (long) figures.maxRows());
    return document
        .putPOJO("drains", figures.drains())
        .putPOJO("stageMillis", figures.stageMillis())
        .putPOJO("deadLetters", figures.deadLetters())
        .put("explained", figures.explained())
        .put("heapUsedBytes", java.totalMemory() - java.freeMemory())
        .put("residentBytes", LiveDocuments.orNull(ResidentMemory.bytes()))
        .putPOJO("openAlerts", alerts.open())
        .put("lastCommit", LiveDocuments.orNull(outside.commits().lastCommit()))
        .put("brokersAnswered", LiveDocuments.orNull(outside.brokers().timestamp()))
        .put("registryAnswered", LiveDocuments.orNull(outside.registry().timestamp()))
        .putPOJO("problems", health.problems());
  }
}
