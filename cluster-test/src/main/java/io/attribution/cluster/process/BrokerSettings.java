package io.attribution.cluster.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The settings of the nodes of one cluster.
 *
 * @param ports of the clients' listeners, by node
 * @param controllerPorts of the controllers' listeners, by node
 */
record BrokerSettings(List<Integer> ports, List<Integer> controllerPorts) {
  static final String CONTROLLER = "CONTROLLER";
  private static final String HOST = "127.0.0.1";

  BrokerSettings {
    ports = List.copyOf(ports);
    controllerPorts = List.copyOf(controllerPorts);
  }

  String bootstrapServers() {
    return String.join(",", ports.stream().map(port -> HOST + ":" + port).toList());
  }

  /**
   * @param data the node's folder
   */
  Map<String, String> of(int node, Path data) {
    Map<String, String> settings = new HashMap<>(replication());
    settings.putAll(network(node));
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", String.valueOf(node));
    settings.put("log.dirs", data.toString());
    // Event time jumps: what a record says of its age must not delete it before it is checked.
    settings.put("log.retention.ms", "-1");
    settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    return settings;
  }

  private Map<String, String> network(int node) {
    String listeners = "CLIENT://%1$s:%2$d,%3$s://%1$s:%4$d";
    return Map.of(
        "listeners",
        listeners.formatted(HOST, ports.get(node), CONTROLLER, controllerPorts.get(node)),
        "listener.security.protocol.map",
        "CLIENT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT",
        "inter.broker.listener.name",
        "CLIENT",
        "controller.listener.names",
        CONTROLLER,
        "controller.quorum.voters",
        voters());
  }

  private String voters() {
    return String.join(
        ",",
        IntStream.range(0, controllerPorts.size())
            .mapToObj(node -> node + "@" + HOST + ":" + controllerPorts.get(node))
            .toList());
  }

  private static Map<String, String> replication() {
    return Map.of(
        "default.replication.factor", "3",
        "min.insync.replicas", "2",
        "offsets.topic.replication.factor", "3",
        "offsets.topic.num.partitions", "6",
        "transaction.state.log.replication.factor", "3",
        "transaction.state.log.min.isr", "2",
        "transaction.state.log.num.partitions", "6",
        "auto.create.topics.enable", "false",
        "group.initial.rebalance.delay.ms", "0");
  }
}
