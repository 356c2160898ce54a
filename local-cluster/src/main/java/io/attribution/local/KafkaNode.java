package io.attribution.local;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** The server behind an {@link EmbeddedKafka}: a new {@link KafkaRaftServer} for every start. */
final class KafkaNode {
  private final KafkaConfig config;
  private final Path directory;
  private @Nullable KafkaRaftServer running;

  KafkaNode(KafkaConfig config, Path directory) {
    this.config = config;
    this.directory = directory;
  }

  /**
   * @throws IllegalStateException where the node does not start
   */
  void start() {
    if (running != null) {
      return;
    }
    formatOnce();
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    try {
      server.startup();
    } catch (RuntimeException e) {
      server.shutdown();
      throw new IllegalStateException("The broker does not start", e);
    }
    running = server;
  }

  void stop() {
    if (running != null) {
      running.shutdown();
      running.awaitShutdown();
      running = null;
    }
  }

  /** Writes the node's identity and the bootstrap metadata, where an earlier start has not. */
  private void formatOnce() {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream())) {
      new Formatter()
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(BrokerProperties.NODE_ID)
          .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
          .setMetadataLogDirectory(directory.toString())
          .addDirectory(directory.toString())
          .setPrintStream(silent)
          .run();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot format " + directory, e);
    }
  }
}
