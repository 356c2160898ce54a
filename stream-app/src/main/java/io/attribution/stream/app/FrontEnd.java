package io.attribution.stream.app;

import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.OutputsConfig;
import io.attribution.stream.http.ServedModel;
import io.attribution.stream.http.StreamHealth;
import io.attribution.stream.http.WebServer;
import io.attribution.stream.http.WebServices;
import io.attribution.stream.live.LiveState;
import io.attribution.stream.live.LiveView;
import io.attribution.stream.live.ModelView;
import io.attribution.stream.models.ModelExplainer;
import io.attribution.stream.monitoring.Monitoring;
import io.attribution.stream.ondemand.ExplainQueue;
import io.attribution.stream.ondemand.InputConsumers;
import io.attribution.stream.ondemand.InputLookup;
import io.attribution.stream.ondemand.InputSearch;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.serde.WriterSchemas;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The HTTP server of an instance and what feeds it. All of it runs beside the stream and never
 * blocks it.
 */
final class FrontEnd implements AutoCloseable {
  private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration LINGER = Duration.ofMillis(3);

  /** Bounds the contributions of all queued rows: 64 MiB of results. */
  private static final long QUEUE_CONTRIBUTIONS = 16L << 20;

  private final ExplainQueue queue;
  private final InputConsumers consumers;
  private final LiveView live;
  private final WebServer server;

  private FrontEnd(ExplainQueue queue, InputConsumers consumers, LiveView live, WebServer server) {
    this.queue = queue;
    this.consumers = consumers;
    this.live = live;
    this.server = server;
  }

  /**
   * Starts the server and the readers of the output topics.
   *
   * @param settings Kafka Streams'; the user's for security are among them
   * @throws io.attribution.stream.config.ConfigException when the server cannot listen on the
   *     address
   */
  static FrontEnd start(
      AppConfig config,
      Properties settings,
      List<ModelExplainer> models,
      StreamHealth health,
      Monitoring monitoring) {
    Registry registry = RegistryConnection.of(config).registry(REGISTRY_TIMEOUT);
    LiveState state = new LiveState(models.stream().map(model -> view(model, config)).toList());
    LiveView live =
        new LiveView(
            state,
            consumer(settings, "live"),
            registry,
            config.topics().names(),
            new LiveView.Followed(
                config.outputs().has(OutputsConfig.VERIFICATION),
                config.outputs().has(OutputsConfig.ALERTS)));
    ExplainQueue queue =
        new ExplainQueue(queueRows(config, models), policy(config), System::nanoTime);
    monitoring.watchQueue(queue::waitingRows);
    monitoring.watchOutside(health.outside());
    monitoring.watchReady(health::isReady);
    InputConsumers consumers = new InputConsumers(consumer(settings, "lookup"));
    String input = config.topics().names().features();
    WebServer server =
        new WebServer(
            config.http(),
            new WebServices(
                models.stream().map(model -> served(model, config)).toList(),
                config.models().defaultModel().orElseGet(() -> models.get(0).model().name()),
                config.outputs().reduction().label(),
                state,
                health,
                monitoring,
                queue,
                new FeatureDecoder(new WriterSchemas(registry, Clock.systemUTC())),
                new InputLookup(consumers, input),
                new InputSearch(consumers, input, config.http().findRecords(), SEARCH_TIMEOUT)));
    FrontEnd front = new FrontEnd(queue, consumers, live, server);
    front.startOrClose();
    return front;
  }

  private void startOrClose() {
    try {
      server.start();
      live.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  static ModelView view(ModelExplainer model, AppConfig config) {
    return ModelView.of(
        model.bundle(),
        model.isExact(),
        config.outputs().reduction().label(),
        RoundingFloor.of(config.models().engine().precision()));
  }

  private static ServedModel served(ModelExplainer model, AppConfig config) {
    return new ServedModel(view(model, config), model.complete(config.outputs().reduction()));
  }

  /** The stream's policy with a shorter linger: callers wait for the answer. */
  private static BatchPolicy policy(AppConfig config) {
    return new BatchPolicy(config.batch().maxRecords(), config.batch().maxBytes(), LINGER);
  }

  /** Fewer rows for wide models, so that memory stays bounded. */
  private static int queueRows(AppConfig config, List<ModelExplainer> models) {
    long widest =
        models.stream()
            .mapToLong(model -> (long) model.model().outputs() * model.model().features())
            .max()
            .orElse(1);
    return (int) Math.max(1, Math.min(config.http().queueRows(), QUEUE_CONTRIBUTIONS / widest));
  }

  /** Settings of a consumer without a group, derived from Kafka Streams' settings. */
  private static Map<String, Object> consumer(Properties settings, String purpose) {
    StreamsConfig streams = new StreamsConfig(settings);
    String client = streams.getString(StreamsConfig.APPLICATION_ID_CONFIG) + "-" + purpose;
    Map<String, Object> consumer = new HashMap<>(streams.getRestoreConsumerConfigs(client));
    consumer.put(ConsumerConfig.CLIENT_ID_CONFIG, client);
    return consumer;
  }

  URI address() {
    return server.address();
  }

  /** Whether no model is in use any more; only after {@link #close}. */
  boolean isIdle() {
    return queue.isIdle();
  }

  /** Waiting callers get an answer before the server stops. */
  @Override
  public void close() {
    queue.close();
    server.close();
    live.close();
    consumers.close();
  }
}
