package io.attribution.benchmarks.pipeline;

import io.attribution.stream.app.StreamsSettings;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.config.ModelsConfig;
import io.attribution.stream.config.OutputsConfig;
import io.attribution.stream.config.TopicsConfig;
import io.attribution.stream.topics.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.StreamsConfig;

/** Gives every run a consumer group and output topics of its own. */
final class RunFactory {
  private final BenchCluster cluster;
  private final TestModel model;
  private final Map<String, String> userSettings;
  private final Path directory;
  private final AtomicInteger runs = new AtomicInteger();

  /**
   * @param userSettings of the application that win over the benchmark's
   * @param directory for logs and state
   */
  RunFactory(
      BenchCluster cluster, TestModel model, Map<String, String> userSettings, Path directory) {
    this.cluster = cluster;
    this.model = model;
    this.userSettings = Map.copyOf(userSettings);
    this.directory = directory;
  }

  /** A run that reads this topic. */
  Run create(Subject subject, String features, Guarantee guarantee, Shape shape) {
    return create(subject, features, guarantee, shape, Map.of());
  }

  /**
   * @param topicSettings of the topics that are created
   */
  Run create(
      Subject subject,
      String features,
      Guarantee guarantee,
      Shape shape,
      Map<String, String> topicSettings) {
    String id = "run%d-%s".formatted(runs.incrementAndGet(), subject.name());
    Topics names = BenchTopics.named(features, id);
    Map<String, String> settings = settings(id, names, guarantee, shape, subject.settings());
    BenchTopics topics = new BenchTopics(cluster.admin(), shape.partitions());
    topics.create(ConfigLoader.of(settings, "bench"), model.bundle(), topicSettings);
    return new Run(
        subject, new Assignment(id, names, guarantee, shape, settings, directory), topics, cluster);
  }

  private Map<String, String> settings(
      String id,
      Topics names,
      Guarantee guarantee,
      Shape shape,
      Map<String, String> subjectSettings) {
    Map<String, String> settings = new HashMap<>();
    settings.put(ModelsConfig.BUNDLES, model.bundle().directory().toString());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    settings.put("schema.registry.url", cluster.registryUrl());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee.name());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.toString(shape.threads()));
    settings.put(TopicsConfig.FEATURES, names.features());
    settings.put(TopicsConfig.PROJECTED, names.projected());
    settings.put(TopicsConfig.REDUCED, names.reduced());
    settings.put(TopicsConfig.VERIFICATION, names.verification());
    settings.put(TopicsConfig.DEAD_LETTER, names.deadLetter());
    settings.put(TopicsConfig.SAMPLES, names.samples());
    settings.put(TopicsConfig.WINDOWS, names.windows());
    settings.put(TopicsConfig.ALERTS, names.alerts());
    // The same work as the peers do: they detect no drift.
    settings.put(OutputsConfig.OUTPUTS, "projected,reduced,verification");
    // Several instances run on one machine.
    settings.put(HttpConfig.PORT, String.valueOf(HttpConfig.OFF));
    // The application's default; named so that all subjects have it.
    settings.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        Integer.toString(StreamsSettings.commitIntervalMillis(guarantee.name())));
    settings.putAll(subjectSettings);
    settings.putAll(userSettings);
    return settings;
  }

  /** The input topic of a shape, made where absent. */
  void createInput(String features, Shape shape, Map<String, String> topicSettings) {
    Topics names = BenchTopics.named(features, "input");
    AppConfig config =
        ConfigLoader.of(
            settings("input", names, Guarantee.at_least_once, shape, Map.of()), "bench");
    new BenchTopics(cluster.admin(), shape.partitions())
        .create(config, model.bundle(), topicSettings);
  }

  /** One subject, its topics and its settings. */
  record Run(Subject subject, Assignment assignment, BenchTopics topics, BenchCluster cluster) {
    SubjectProcesses start() throws IOException {
      return subject.start(assignment);
    }

    Topics names() {
      return assignment.topics();
    }
  }
}
