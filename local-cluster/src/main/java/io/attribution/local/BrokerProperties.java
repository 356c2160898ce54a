package io.attribution.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The properties of one KRaft node that is broker and controller, small and quick to start. */
final class BrokerProperties {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  static final String HOST = "127.0.0.1";

  private BrokerProperties() {}

  static Map<String, String> of(int port, int controllerPort, Path directory) {
    Map<String, String> properties = new HashMap<>();
    properties.putAll(identity(controllerPort, directory));
    properties.putAll(listeners(port, controllerPort));
    properties.putAll(internalTopics());
    properties.putAll(modestResources());
    return properties;
  }

  private static Map<String, String> identity(int controllerPort, Path directory) {
    return Map.of(
        "process.roles",
        "broker,controller",
        "node.id",
        Integer.toString(NODE_ID),
        "controller.quorum.voters",
        NODE_ID + "@" + HOST + ":" + controllerPort,
        "log.dirs",
        directory.toString());
  }

  private static Map<String, String> listeners(int port, int controllerPort) {
    return Map.of(
        "listeners",
        "CLIENT://%s:%d,%s://%s:%d"
            .formatted(HOST, port, CONTROLLER_LISTENER, HOST, controllerPort),
        "listener.security.protocol.map",
        "CLIENT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT",
        "inter.broker.listener.name",
        "CLIENT",
        "controller.listener.names",
        CONTROLLER_LISTENER);
  }

  /** One node can replicate to itself only, and few partitions load quickly. */
  private static Map<String, String> internalTopics() {
    return Map.ofEntries(
        Map.entry("auto.create.topics.enable", "false"),
        Map.entry("default.replication.factor", "1"),
        Map.entry("min.insync.replicas", "1"),
        Map.entry("offsets.topic.replication.factor", "1"),
        Map.entry("offsets.topic.num.partitions", "1"),
        Map.entry("transaction.state.log.replication.factor", "1"),
        Map.entry("transaction.state.log.min.isr", "1"),
        Map.entry("transaction.state.log.num.partitions", "2"),
        Map.entry("share.coordinator.state.topic.replication.factor", "1"),
        Map.entry("share.coordinator.state.topic.min.isr", "1"),
        Map.entry("share.coordinator.state.topic.num.partitions", "1"),
        Map.entry("group.initial.rebalance.delay.ms", "0"));
  }

  /** The log cleaner alone would take 128 MB of heap. */
  private static Map<String, String> modestResources() {
    return Map.of(
        "num.network.threads", "2",
        "num.io.threads", "4",
        "background.threads", "2",
        "log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
  }
}
