package io.attribution.stream.http;

import io.attribution.stream.live.LiveState;
import io.attribution.stream.live.ModelView;
import io.attribution.stream.monitoring.Monitoring;
import io.attribution.stream.monitoring.Outside;
import io.attribution.stream.ondemand.ExplainQueue;
import io.attribution.stream.ondemand.InputConsumers;
import io.attribution.stream.ondemand.InputLookup;
import io.attribution.stream.ondemand.InputSearch;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.serde.WriterSchemas;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server serves in a test: models, and no stream. The first model is the default. */
final class TestServices {
  final LiveState live;
  final ExplainQueue queue;
  final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final List<ServedModel> models;
  private final Monitoring monitoring;

  /**
   * @param batchRows of one call of a model
   */
  TestServices(int queueRows, int batchRows, ServedModel... models) {
    this.models = List.of(models);
    List<ModelView> views = this.models.stream().map(ServedModel::view).toList();
    this.live = new LiveState(views);
    this.monitoring = new Monitoring(views.stream().map(ModelView::name).toList());
    this.queue =
        new ExplainQueue(
            queueRows, new BatchPolicy(batchRows, 1 << 30, Duration.ofMillis(2)), System::nanoTime);
  }

  /** The model "sum", version 1, of bundle "b". */
  static ModelView sum(List<String> features, List<String> outputs) {
    return new ModelView(
        "sum", "1", "b", features, outputs, Optional.empty(), "l2", 1e-4, true, 1e-5);
  }

  /** Without an input topic. */
  WebServices of(StreamHealth health) {
    return of(health, new InputConsumers(Map.of()));
  }

  WebServices of(StreamHealth health, InputConsumers consumers) {
    return new WebServices(
        models,
        models.get(0).view().name(),
        "l2",
        live,
        health,
        monitoring,
        queue,
        new FeatureDecoder(
            new WriterSchemas(new Registry(registry, Duration.ZERO), Clock.systemUTC())),
        new InputLookup(consumers, "features"),
        new InputSearch(consumers, "features", 100, Duration.ofSeconds(5)));
  }

  void close(WebServer server) {
    queue.close();
    server.close();
    monitoring.close();
  }

  /** A stream that runs, and has for ever. */
  static class Running implements StreamHealth {
    @Override
    public String state() {
      return "RUNNING";
    }

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public List<String> problems() {
      return List.of();
    }

    @Override
    public Outside outside() {
      return new Outside(Duration.ZERO);
    }
  }
}
