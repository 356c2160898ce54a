package io.attribution.benchmarks.pipeline;

import io.attribution.stream.topics.Topics;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;

/**
 * One subject at work, with a consumer group and output topics of its own.
 *
 * @param id the consumer group, and the prefix of the output topics
 * @param settings the application's configuration, complete
 * @param directory for logs and state
 */
record Run(
    Subject subject,
    String id,
    Topics topics,
    Guarantee guarantee,
    Shape shape,
    Map<String, String> settings,
    Path directory) {

  /** Kafka Streams' processing guarantees, named as it names them. */
  enum Guarantee {
    exactly_once_v2,
    at_least_once
  }

  /**
   * @param partitions of every topic
   * @param threads stream threads of one instance
   * @param instances processes of one subject
   */
  record Shape(int partitions, int threads, int instances) {
    String label() {
      return partitions + " × " + threads + " × " + instances;
    }
  }

  /** Starts the processes; returns before they work. */
  Processes start() throws IOException {
    return Processes.start(
        subject.commands(this), subject.environment(), directory.resolve(id + ".log"));
  }

  /** A configuration file for an instance, with a state directory of its own. */
  Path configuration(int instance) throws IOException {
    String name = id + "-" + instance;
    Properties properties = new Properties();
    properties.putAll(settings);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve(name + "-state").toString());
    Path file = directory.resolve(name + ".properties");
    try (Writer out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    return file;
  }

  String setting(String key) {
    return Objects.requireNonNull(settings.get(key), key);
  }

  int commitIntervalMillis() {
    return Integer.parseInt(setting(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
  }
}
