package io.attribution.benchmarks.pipeline;

import static java.util.stream.Collectors.toMap;

import io.attribution.benchmarks.pipeline.Run.Case;
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

/**
 * The runs of one model on one broker.
 *
 * @param home the repository
 * @param directory for logs and state
 * @param count of topics and runs so far
 */
record Runs(
    Workload workload,
    Cluster cluster,
    PipelineOptions options,
    Path home,
    Path directory,
    AtomicInteger count) {

  private static final List<String> OUTPUTS =
      List.of(
          TopicsConfig.PROJECTED,
          TopicsConfig.REDUCED,
          TopicsConfig.VERIFICATION,
          TopicsConfig.DEAD_LETTER,
          TopicsConfig.SAMPLES,
          TopicsConfig.WINDOWS,
          TopicsConfig.ALERTS);

  /** Each subject with each guarantee. */
  List<Case> cases(Shape shape) {
    return options.subjects.stream()
        .flatMap(
            subject ->
                options.guarantees.stream()
                    .map(guarantee -> new Case(workload.model(), guarantee, subject, shape)))
        .toList();
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
    try (Cluster.Producer producer = new Cluster.Producer(cluster, 20, "lz4")) {
      for (long n = 0; n < records; n++) {
        producer.send(workload.record(features, shape.partitions(), n, System.currentTimeMillis()));
      }
      producer.flush();
    }
    return features;
  }

  /** A run that reads an input topic of the same shape. */
  Run create(Case of, String features, Map<String, String> topicSettings) {
    String id = "run%d-%s".formatted(count.incrementAndGet(), of.subject());
    Map<String, String> settings = settings(id, features, of.guarantee(), of.shape());
    settings.putAll(of.subject().settings());
    settings.putAll(options.settings);
    Topics topics = create(settings, of.shape(), topicSettings);
    return new Run(this, of, id, topics, Map.copyOf(settings));
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
    OUTPUTS.forEach(key -> settings.put(key, id + "." + key));
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
