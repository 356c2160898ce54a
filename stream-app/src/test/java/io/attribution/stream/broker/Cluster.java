package io.attribution.stream.broker;

import io.attribution.local.EmbeddedKafka;
import io.attribution.local.LocalRegistry;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.topics.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** A broker and a registry in this process, with the application's topics. */
final class Cluster implements AutoCloseable {
  final EmbeddedKafka kafka;
  final LocalRegistry registry = LocalRegistry.start();
  final Endpoints endpoints;
  final Topics topics = Topics.DEFAULT;

  Cluster() {
    this(EmbeddedKafka.start());
  }

  /** On this broker, without topics; closes it. */
  Cluster(EmbeddedKafka kafka) {
    this.kafka = kafka;
    this.endpoints = new Endpoints(kafka.bootstrapServers(), registry.url());
  }

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

  List<String> outputs() {
    return List.of(topics.projected(), topics.reduced(), topics.verification());
  }

  List<String> allTopics() {
    return List.of(
        topics.features(),
        topics.projected(),
        topics.reduced(),
        topics.verification(),
        topics.deadLetter(),
        topics.samples(),
        topics.windows(),
        topics.alerts());
  }

  /** Settings as a user would write them. */
  Map<String, String> settings(String bundles, String... more) {
    return endpoints.settings(bundles, more);
  }

  AppConfig config(String bundles, String... more) {
    return endpoints.config(bundles, more);
  }

  /** Waits until the application has committed so many offsets of the input. */
  void awaitGroup(long offsets, Duration timeout) throws Exception {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (Admin admin = endpoints.admin()) {
      while (committed(admin) < offsets) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("only " + committed(admin) + " offsets are committed");
        }
        Thread.sleep(50);
      }
    }
  }

  /** Waits until so many members of the application's group read partitions of the input. */
  void awaitReaders(long readers, Duration timeout) throws Exception {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (Admin admin = endpoints.admin()) {
      while (readers(admin) != readers) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(readers(admin) + " instances read, not " + readers);
        }
        Thread.sleep(50);
      }
    }
  }

  private static long readers(Admin admin) throws Exception {
    return admin
        .describeConsumerGroups(List.of(Endpoints.APPLICATION))
        .describedGroups()
        .get(Endpoints.APPLICATION)
        .get()
        .members()
        .stream()
        .filter(member -> !member.assignment().topicPartitions().isEmpty())
        .count();
  }

  private static long committed(Admin admin) throws Exception {
    return admin
        .listConsumerGroupOffsets(Endpoints.APPLICATION)
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  @Override
  public void close() {
    registry.close();
    kafka.close();
  }
}
