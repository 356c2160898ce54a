package io.attribution.stream.broker;

import io.attribution.local.BrokerOptions;
import io.attribution.local.EmbeddedKafka;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A cluster that still answers without its second broker, and then takes no transactions: their log
 * wants two replicas. Offsets and changelogs are on both, and are content with one.
 */
final class TwoBrokers {
  private TwoBrokers() {}

  /**
   * The first one, which is the controller: to be stopped after the second.
   *
   * @param controller a free port
   */
  static EmbeddedKafka first(int controller) throws IOException {
    int port = freePort();
    return EmbeddedKafka.start(
        options(port, controller)
            .withProperty(
                "listeners",
                "CLIENT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controller)));
  }

  /** The one that may be away. */
  static EmbeddedKafka second(EmbeddedKafka first, int controller, Path directory)
      throws Exception {
    Path data = Files.createDirectory(directory.resolve("second"));
    format(data, clusterId(first));
    int port = freePort();
    return EmbeddedKafka.start(
        options(port, controller)
            .withDataDirectory(data)
            .withProperty("process.roles", "broker")
            .withProperty("node.id", "2")
            .withProperty("listeners", "CLIENT://127.0.0.1:" + port));
  }

  private static BrokerOptions options(int port, int controller) {
    return BrokerOptions.DEFAULTS
        .withPort(port)
        .withProperty("controller.quorum.voters", "1@127.0.0.1:" + controller)
        .withProperty("default.replication.factor", "2")
        .withProperty("offsets.topic.replication.factor", "2")
        .withProperty("transaction.state.log.replication.factor", "2")
        .withProperty("transaction.state.log.min.isr", "2");
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String clusterId(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = admin(kafka)) {
      return admin.describeCluster().clusterId().get();
    }
  }

  private static void format(Path data, String cluster) throws Exception {
    try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream())) {
      new Formatter()
          .setClusterId(cluster)
          .setNodeId(2)
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(data.toString())
          .addDirectory(data.toString())
          .setPrintStream(silent)
          .run();
    }
  }

  private static Admin admin(EmbeddedKafka kafka) {
    return Admin.create(
        Map.<String, Object>of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
  }

  /**
   * Creates topics of two partitions on the first broker.
   *
   * @param replicated those of them that are on both, and want both
   */
  static void createTopics(EmbeddedKafka first, List<String> topics, List<String> replicated)
      throws Exception {
    Stream<NewTopic> all =
        topics.stream()
            .map(
                topic ->
                    replicated.contains(topic)
                        ? topic(topic, List.of(1, 2)).configs(Map.of("min.insync.replicas", "2"))
                        : topic(topic, List.of(1)));
    try (Admin admin = admin(first)) {
      admin.createTopics(all.toList()).all().get();
    }
  }

  private static NewTopic topic(String name, List<Integer> replicas) {
    return new NewTopic(name, Map.of(0, replicas, 1, replicas));
  }
}
