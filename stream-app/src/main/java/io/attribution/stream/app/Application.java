package io.attribution.stream.app;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.LibTorch;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.config.OutputsConfig;
import io.attribution.stream.models.Explainers;
import io.attribution.stream.models.ModelExplainer;
import io.attribution.stream.monitoring.Monitoring;
import io.attribution.stream.monitoring.Outside;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.pending.InputLimit;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.serde.ProjectedSerializer;
import io.attribution.stream.serde.ReducedSerializer;
import io.attribution.stream.serde.Schemas;
import io.attribution.stream.serde.VerificationSerializer;
import io.attribution.stream.serde.WriterSchemas;
import io.attribution.stream.topics.TopicLimits;
import io.attribution.stream.topics.Topics;
import io.attribution.stream.topology.AlertListener;
import io.attribution.stream.topology.AttributionTopology;
import io.attribution.stream.topology.BatchListener;
import io.attribution.stream.topology.OutputRules;
import io.attribution.stream.topology.OutputSerializers;
import io.attribution.stream.webhook.Webhook;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One instance of the application: models loaded, schemas known, topology running. */
public final class Application implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  /** While records flow: shorter than the producer's transaction timeout (10 s). */
  private static final Duration FLOWING_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration STARTING_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final List<ModelExplainer> models;
  private final WatchedModels watchedModels;
  private final Optional<Monitoring> monitoring;
  private final KafkaStreams streams;
  private final OutputLimits limits;
  private final FailurePolicy failures;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CloseOptions closeOptions;
  private final Optional<FrontEnd> frontEnd;
  private final OutsideWatch watch;
  private final Optional<Webhook> webhook;
  private boolean closed;

  private Application(AppConfig config, List<ModelExplainer> models, WatchedModels watchedModels) {
    this.models = models;
    this.watchedModels = watchedModels;
    this.monitoring =
        Optional.of(config.http()).filter(HttpConfig::isOn).map(on -> new Monitoring(names()));
    Sized sized = sized(config);
    Properties settings = sized.settings();
    this.closeOptions = closeOptions(config);
    this.webhook = AlertWebhook.of(config, settings, monitoring);
    LibTorch.useThreads(engineThreads(config, settings));
    Outside outside = new Outside(commitInterval(settings));
    this.limits = limits(config, sized);
    this.failures =
        new FailurePolicy(
            Clock.systemUTC(), RESTART_PAUSE, outside.brokers()::problem, limits::takeLearned);
    RegistryConnection connection = RegistryConnection.of(config);
    OutputSchemas schemas = new OutputSchemas(connection, connection.registry(STARTING_TIMEOUT));
    this.streams =
        new KafkaStreams(
            topology(config, limits.rules(), schemas, connection.registry(FLOWING_TIMEOUT)),
            settings,
            new OutputProducer.Supplier(config.topics().names(), limits.rules()));
    streams.setUncaughtExceptionHandler(failures);
    KafkaStreamsHealth health = new KafkaStreamsHealth(streams, failures, outside);
    streams.setStateListener(
        (state, before) -> {
          health.changed(state);
          LOG.info("Kafka Streams is {}", state);
          if (state == KafkaStreams.State.NOT_RUNNING || state == KafkaStreams.State.ERROR) {
            stopped.countDown();
          }
        });
    this.frontEnd = monitoring.map(metrics -> frontEnd(config, settings, health, metrics));
    this.watch = watch(config, sized, health, schemas.anyId());
  }

  private OutsideWatch watch(
      AppConfig config, Sized sized, KafkaStreamsHealth health, int schemaId) {
    // A client of its own: what it asks must not come from a cache.
    Registry registry = RegistryConnection.of(config).registry(FLOWING_TIMEOUT);
    OutsideWatch watch =
        new OutsideWatch(
            health.outside(),
            new BrokerProbe(sized.settings(), TopicPlan.of(config, sized.messages())),
            () -> registry.probe(schemaId),
            () -> health.partitions(config.topics().names().features()));
    watch.start();
    return watch;
  }

  private static Duration commitInterval(Properties settings) {
    return Duration.ofMillis(
        new StreamsConfig(settings).getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
  }

  private FrontEnd frontEnd(
      AppConfig config, Properties settings, KafkaStreamsHealth health, Monitoring metrics) {
    metrics.bind(streams);
    models.forEach(model -> metrics.watchFallback(model.model().name(), model::fellBack));
    try {
      return FrontEnd.start(config, settings, models, health, metrics);
    } catch (RuntimeException e) {
      metrics.close();
      streams.close(Duration.ZERO);
      throw e;
    }
  }

  private List<String> names() {
    return identities().stream().map(ModelIdentity::name).toList();
  }

  /**
   * Loads the models, resolves the schemas in the registry, and builds the topology, ready to
   * start.
   *
   * @throws ConfigException when settings contradict each other
   * @throws BundleException when a bundle cannot be used
   * @throws io.attribution.engine.runtime.DeviceException when libtorch cannot use the device
   * @throws io.attribution.stream.registry.RegistryException when the registry is unreachable or
   *     refuses
   */
  public static Application open(AppConfig config) {
    List<ModelExplainer> models = new ArrayList<>();
    try {
      for (Path bundle : config.models().bundles()) {
        models.add(load(bundle, config));
      }
      return new Application(config, models, WatchedModels.of(config, models));
    } catch (RuntimeException e) {
      models.forEach(ModelExplainer::close);
      throw e;
    }
  }

  private static ModelExplainer load(Path bundle, AppConfig config) {
    BatchPolicy policy = config.batch().policy();
    ModelExplainer model =
        new ModelExplainer(
            AdmissionCheck.admit(BundleLoader.load(bundle), config.models().engine()),
            config.outputs().wanted(),
            policy,
            config.models().checkInterval());
    int target = config.outputs().reduction().target().orElse(0);
    if (target >= model.model().outputs()) {
      model.close();
      throw new ConfigException(
          OutputsConfig.TARGET
              + ": "
              + target
              + " is out of range; model "
              + model.model().name()
              + " has outputs 0 to "
              + (model.model().outputs() - 1));
    }
    return model;
  }

  /** Kafka Streams' settings, the message sizes that they allow, and what the topics take. */
  private record Sized(
      Properties settings, MessageSizes messages, Map<String, TopicLimits> limits) {}

  private static OutputLimits limits(AppConfig config, Sized sized) {
    Topics topics = config.topics().names();
    OutputsConfig outputs = config.outputs();
    List<String> own = new ArrayList<>();
    enabled(outputs, OutputsConfig.PROJECTED).ifPresent(o -> own.add(topics.projected()));
    enabled(outputs, OutputsConfig.REDUCED).ifPresent(o -> own.add(topics.reduced()));
    OutputRules rules =
        new OutputRules(topics, own, new InputLimit(sized.messages().storedFeatures()));
    return new OutputLimits(rules, sized.settings(), sized.limits());
  }

  /** Sizes everything from the models and from the limit of the input topic. */
  private Sized sized(AppConfig config) {
    MessageSizes sizes = MessageSizes.of(models.stream().map(ModelExplainer::bundle).toList());
    try (KafkaTopics topics =
        new KafkaTopics(StreamsSettings.of(config, sizes), STARTING_TIMEOUT)) {
      Map<String, TopicLimits> limits = topics.require(TopicPlan.of(config, sizes));
      MessageSizes actual =
          sizes.withInputLimit(
              limits
                  .getOrDefault(config.topics().names().features(), TopicLimits.NONE)
                  .maxMessageBytes());
      KafkaTopics.check(TopicPlan.of(config, actual), limits);
      Properties settings =
          StreamsSettings.withThreads(
              StreamsSettings.of(config, actual),
              topics.partitions(config.topics().names().features()),
              Runtime.getRuntime().availableProcessors());
      return new Sized(settings, actual, limits);
    }
  }

  private org.apache.kafka.streams.Topology topology(
      AppConfig config, OutputRules rules, OutputSchemas schemas, Registry flowing) {
    return AttributionTopology.build(
        config.topics().names(),
        rules,
        new FeatureDecoder(new WriterSchemas(flowing, Clock.systemUTC())),
        explainers(config),
        serializers(config, schemas),
        DriftWiring.stage(
            config,
            schemas,
            flowing,
            watchedModels,
            recent -> new ModelDiagnostician(models, recent),
            monitoring.<AlertListener>map(Monitoring::alerts).orElse(AlertListener.NONE)),
        monitoring.<BatchListener>map(Monitoring::stream).orElse(BatchListener.SILENT));
  }

  private Explainers explainers(AppConfig config) {
    String defaultModel =
        config.models().defaultModel().orElseGet(() -> identities().get(0).name());
    try {
      return new Explainers(models, defaultModel);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static OutputSerializers serializers(AppConfig config, OutputSchemas schemas) {
    Topics topics = config.topics().names();
    OutputsConfig outputs = config.outputs();
    Reduction reduction = outputs.reduction();
    return new OutputSerializers(
        enabled(outputs, OutputsConfig.PROJECTED)
            .map(o -> schemas.id(topics.projected(), Schemas.PROJECTED_CONTRIBUTION))
            .map(ProjectedSerializer::new),
        enabled(outputs, OutputsConfig.REDUCED)
            .map(o -> schemas.id(topics.reduced(), Schemas.REDUCED_CONTRIBUTION))
            .map(id -> new ReducedSerializer(id, reduction, outputs.topK())),
        enabled(outputs, OutputsConfig.VERIFICATION)
            .map(o -> schemas.id(topics.verification(), Schemas.VERIFICATION_METRIC))
            .map(VerificationSerializer::new));
  }

  private static Optional<String> enabled(OutputsConfig outputs, String output) {
    return Optional.of(output).filter(outputs::has);
  }

  /**
   * Leaves the group at close, unless it is a static member: those keep their partitions until the
   * session timeout, because they come back.
   */
  private static CloseOptions closeOptions(AppConfig config) {
    boolean comesBack =
        config.kafka().keySet().stream()
            .anyMatch(key -> key.endsWith(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG));
    return CloseOptions.timeout(CLOSE_TIMEOUT)
        .withGroupMembershipOperation(
            comesBack
                ? GroupMembershipOperation.REMAIN_IN_GROUP
                : GroupMembershipOperation.LEAVE_GROUP);
  }

  private static int engineThreads(AppConfig config, Properties settings) {
    if (config.models().threads() > 0) {
      return config.models().threads();
    }
    int streamThreads = new StreamsConfig(settings).getInt(StreamsConfig.NUM_STREAM_THREADS_CONFIG);
    return Math.max(1, Runtime.getRuntime().availableProcessors() / streamThreads);
  }

  /** The loaded models. */
  public List<ModelIdentity> identities() {
    return models.stream().map(ModelExplainer::model).toList();
  }

  /** The device of the models: cpu or gpu:N. */
  public String device() {
    return models.get(0).device();
  }

  /** The address of the HTTP server; empty when it is disabled. */
  public Optional<URI> address() {
    return frontEnd.map(FrontEnd::address);
  }

  /** Starts explaining records. */
  public void start() {
    webhook.ifPresent(Webhook::start);
    limits.start();
    streams.start();
  }

  /** Whether Kafka Streams is running. */
  public boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /**
   * Waits until the application stopped, by {@link #close} or by a fault.
   *
   * @return the fault; empty when the application was closed
   */
  public Optional<Throwable> awaitStop() throws InterruptedException {
    stopped.await();
    return failures.fatal();
  }

  /** Commits and stops. Pending rows are resumed at the next start. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    watch.close();
    frontEnd.ifPresent(FrontEnd::close);
    webhook.ifPresent(Webhook::close);
    limits.close();
    boolean ended = streams.close(closeOptions);
    if (!ended) {
      LOG.warn("stream threads did not stop within {}", CLOSE_TIMEOUT);
    }
    // A thread may still be computing with the model's memory: leave it until the process ends.
    if (ended && frontEnd.map(FrontEnd::isIdle).orElse(true)) {
      models.forEach(ModelExplainer::close);
    }
    monitoring.ifPresent(Monitoring::close);
  }
}
