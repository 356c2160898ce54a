package io.attribution.cluster.process;

import io.attribution.local.FreePort;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * Three Kafka nodes in processes of their own, each broker and controller. Every partition has
 * three replicas and takes writes while two of them are in sync. Not thread-safe.
 */
public final class Brokers implements AutoCloseable {
  /** Nodes, numbered from 0. */
  public static final int COUNT = 3;

  private static final List<String> JVM =
      List.of("-Xms128m", "-Xmx320m", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=1");
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final Path directory;
  private final String classPath;
  private final BrokerSettings settings;
  private final List<JavaProcess> nodes = new ArrayList<>();
  private final Admin admin;

  private Brokers(Path directory, String classPath) {
    this.directory = directory;
    this.classPath = classPath;
    List<Integer> ports =
        IntStream.generate(FreePort::find).distinct().limit(2L * COUNT).boxed().toList();
    this.settings = new BrokerSettings(ports.subList(0, COUNT), ports.subList(COUNT, 2 * COUNT));
    this.admin = Admins.create(bootstrapServers());
  }

  /**
   * Formats and starts all nodes; returns when they serve.
   *
   * @param directory for logs and records
   */
  public static Brokers start(Path directory, Checkout checkout)
      throws IOException, InterruptedException {
    Brokers brokers = new Brokers(directory, checkout.brokerClassPath());
    String clusterId = Uuid.randomUuid().toString();
    for (int node = 0; node < COUNT; node++) {
      brokers.format(node, clusterId);
      brokers.nodes.add(brokers.process(node));
    }
    Waiting.until("three brokers that serve", TIMEOUT, brokers::allServe);
    return brokers;
  }

  /** The value of {@code bootstrap.servers}; a restart does not change it. */
  public String bootstrapServers() {
    return settings.bootstrapServers();
  }

  /** A client that the faults do not end. */
  public Admin admin() {
    return admin;
  }

  /** SIGKILL. What was acknowledged is in the page cache, which outlives a process. */
  public void kill(int node) throws InterruptedException {
    nodes.get(node).kill();
  }

  /** SIGTERM: the node hands its partitions over first. */
  public void stop(int node) throws InterruptedException {
    nodes.get(node).stop();
  }

  /** Starts a node that has ended. */
  public void start(int node) throws IOException {
    nodes.set(node, process(node));
  }

  /** SIGSTOP. */
  public void pause(int node) throws IOException, InterruptedException {
    nodes.get(node).pause();
  }

  /** SIGCONT. */
  public void resume(int node) throws IOException, InterruptedException {
    nodes.get(node).resume();
  }

  /** Waits until every partition has all its replicas in sync: until another node may fail. */
  public void awaitInSync() throws InterruptedException {
    Waiting.until("replicas in sync", TIMEOUT, this::isInSync);
  }

  /**
   * Requires that these topics survive one broker and need two.
   *
   * @throws IllegalStateException when one is less safe than the run claims
   */
  void requireReplicated(Collection<String> topics) throws InterruptedException {
    Waiting.until("three replicas, two in sync, of every topic", TIMEOUT, () -> need(topics));
    awaitInSync();
  }

  private boolean need(Collection<String> topics) throws InterruptedException, ExecutionException {
    List<ConfigResource> resources =
        topics.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    return admin.describeConfigs(resources).all().get().values().stream()
        .allMatch(config -> config.get("min.insync.replicas").value().equals("2"));
  }

  private boolean allServe() throws InterruptedException, ExecutionException {
    return admin.describeCluster().nodes().get().size() == COUNT;
  }

  private boolean isInSync() throws InterruptedException, ExecutionException {
    Set<String> names = admin.listTopics(Admins.ALL_TOPICS).names().get();
    return admin.describeTopics(names).allTopicNames().get().values().stream()
        .map(TopicDescription::partitions)
        .flatMap(List::stream)
        .allMatch(Brokers::isInSync);
  }

  private static boolean isInSync(TopicPartitionInfo partition) {
    return partition.leader() != null && partition.isr().size() == COUNT;
  }

  private JavaProcess process(int node) throws IOException {
    List<String> arguments = List.of("kafka.Kafka", properties(node).toString());
    return JavaProcess.start(
        JavaProcess.command(classPath, JVM, arguments),
        Map.of(),
        directory.resolve("broker-" + node + ".log"));
  }

  private Path properties(int node) {
    return directory.resolve("broker-" + node + ".properties");
  }

  private void format(int node, String clusterId) throws IOException {
    Path data = Files.createDirectories(directory.resolve("broker-" + node));
    Properties properties = new Properties();
    properties.putAll(settings.of(node, data));
    try (var out = Files.newBufferedWriter(properties(node))) {
      properties.store(out, null);
    }
    identify(node, clusterId, data);
  }

  /** Writes the node's identity and the bootstrap metadata. */
  private static void identify(int node, String clusterId, Path data) {
    try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream())) {
      new Formatter()
          .setClusterId(clusterId)
          .setNodeId(node)
          .setControllerListenerName(BrokerSettings.CONTROLLER)
          .setMetadataLogDirectory(data.toString())
          .addDirectory(data.toString())
          .setPrintStream(silent)
          .run();
    } catch (Exception e) {
      throw new IllegalStateException("cannot format " + data, e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
    nodes.forEach(JavaProcess::close);
  }
}
