package io.attribution.broker;

import io.attribution.config.AppConfig;
import io.attribution.local.EmbeddedKafka;
import io.attribution.local.LocalRegistry;
import io.attribution.topology.Topics;
import java.util.List;
import java.util.Map;

/** A broker and a registry in this process, with the application's topics. */
final class Cluster implements AutoCloseable {
  final EmbeddedKafka kafka = EmbeddedKafka.start();
  final LocalRegistry registry = LocalRegistry.start();
  final Endpoints endpoints = new Endpoints(kafka.bootstrapServers(), registry.url());
  final Topics topics = Topics.DEFAULT;

  static Cluster withPartitions(int partitions) {
    Cluster cluster = new Cluster();
    cluster.create(partitions, cluster.allTopics());
    return cluster;
  }

  static Cluster withoutTopics() {
    return new Cluster();
  }

  void create(int partitions, List<String> names) {
    names.forEach(name -> kafka.createTopic(name, partitions));
  }

  List<String> allTopics() {
    return List.of(
        topics.features(),
        topics.projected(),
        topics.reduced(),
        topics.verification(),
        topics.deadLetter());
  }

  /** Settings as a user would write them. */
  Map<String, String> settings(String bundles, String... more) {
    return endpoints.settings(bundles, more);
  }

  AppConfig config(String bundles, String... more) {
    return endpoints.config(bundles, more);
  }

  @Override
  public void close() {
    registry.close();
    kafka.close();
  }
}
