package io.attribution.benchmarks.pipeline;

import static java.util.stream.Collectors.toMap;

import io.attribution.benchmarks.pipeline.Run.Guarantee;
import io.attribution.benchmarks.pipeline.Run.Shape;
import io.attribution.stream.app.MessageSizes;
import io.attribution.stream.app.StreamsSettings;
import io.attribution.stream.app.TopicPlan;
import io.attribution.stream.app.TopicPlan.PlannedTopic;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.config.ModelsConfig;
import io.attribution.stream.config.OutputsConfig;
import io.attribution.stream.config.TopicsConfig;
import io.attribution.stream.topics.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.StreamsConfig;

/** The runs of one model on one broker. */
final class Runs {
  /** Ends of the output topics' names by setting; the run's name comes before. */
  private static final Map<String, String> OUTPUTS =
      Map.of(
          TopicsConfig.PROJECTED, "projected",
          TopicsConfig.REDUCED, "reduced",
          TopicsConfig.VERIFICATION, "verification",
          TopicsConfig.DEAD_LETTER, "dead",
          TopicsConfig.SAMPLES, "samples",
          TopicsConfig.WINDOWS, "windows",
          TopicsConfig.ALERTS, "alerts");

  private final Workload workload;
  private final Cluster cluster;
  private final PipelineOptions options;
  private final Path home;
  private final Path directory;
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param home the repository
   * @param directory for logs and state
   */
  Runs(Workload workload, Cluster cluster, PipelineOptions options, Path home, Path directory) {
    this.workload = workload;
    this.cluster = cluster;
    this.options = options;
    this.home = home;
    this.directory = directory;
  }

  Workload workload() {
    return workload;
  }

  Cluster cluster() {
    return cluster;
  }

  List<Subject> subjects() {
    return options.subjects().stream().map(this::subject).toList();
  }

  Subject subject(String name) {
    return switch (name) {
      case "app", "watched" -> Subject.app(name, home, options.jvmOptions());
      case "passthrough" -> Subject.passthrough(payloads(), options.jvmOptions());
      case "python" ->
          Subject.python(
              options.pythonScript(home), workload.bundle().directory(), options.pythonProcesses);
      default -> throw new IllegalStateException("no subject is named '" + name + "'");
    };
  }

  /** Outputs of the application, for the pass-through to write again. */
  Path payloads() {
    return directory.resolve("payloads");
  }

  /** A new input topic; returns its name. */
  String input(Shape shape, Map<String, String> topicSettings) {
    String features = "features" + count.incrementAndGet();
    create(settings("input", features, Guarantee.at_least_once, shape), shape, topicSettings);
    return features;
  }

  /** An input topic with records. */
  String preloaded(Shape shape, long records) {
    String features = input(shape, Map.of());
    try (Clients.Producer producer = new Clients.Producer(cluster.bootstrapServers(), 20, "lz4")) {
      for (long n = 0; n < records; n++) {
        producer.send(workload.record(features, shape.partitions(), n, System.currentTimeMillis()));
      }
      producer.flush();
    }
    return features;
  }

  /** A run of the first shape; its topics get these settings. */
  Run create(
      Subject subject, String features, Guarantee guarantee, Map<String, String> topicSettings) {
    return create(subject, features, guarantee, options.shape(), topicSettings);
  }

  /** A run that reads an input topic of the same shape. */
  Run create(
      Subject subject,
      String features,
      Guarantee guarantee,
      Shape shape,
      Map<String, String> topicSettings) {
    String id = "run%d-%s".formatted(count.incrementAndGet(), subject.name());
    Map<String, String> settings = settings(id, features, guarantee, shape);
    settings.putAll(subject.settings());
    settings.putAll(options.settings);
    Topics topics = create(settings, shape, topicSettings);
    return new Run(subject, id, topics, guarantee, shape, Map.copyOf(settings), directory);
  }

  /** Creates the topics that do not exist, sized as {@code topics create} would. */
  private Topics create(
      Map<String, String> settings, Shape shape, Map<String, String> topicSettings) {
    AppConfig config = ConfigLoader.of(settings, "bench");
    MessageSizes sizes = MessageSizes.of(List.of(workload.bundle()));
    cluster.create(
        TopicPlan.of(config, sizes).topics().stream()
            .collect(toMap(PlannedTopic::name, PlannedTopic::maxMessageBytes)),
        shape.partitions(),
        topicSettings);
    return config.topics().names();
  }

  private Map<String, String> settings(
      String id, String features, Guarantee guarantee, Shape shape) {
    Map<String, String> settings = new HashMap<>();
    settings.put(ModelsConfig.BUNDLES, workload.bundle().directory().toString());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    settings.put("schema.registry.url", cluster.registryUrl());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee.name());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.toString(shape.threads()));
    settings.put(TopicsConfig.FEATURES, features);
    OUTPUTS.forEach((key, name) -> settings.put(key, id + "." + name));
    // The peers detect no drift and serve no HTTP.
    settings.put(OutputsConfig.OUTPUTS, "projected,reduced,verification");
    settings.put(HttpConfig.PORT, String.valueOf(HttpConfig.OFF));
    // The application's default, which all subjects get.
    settings.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        Integer.toString(StreamsSettings.commitIntervalMillis(guarantee.name())));
    return settings;
  }
}
