package io.attribution.benchmarks.pipeline;

import static java.util.stream.Collectors.toMap;

import io.attribution.local.BrokerOptions;
import io.attribution.local.EmbeddedKafka;
import io.attribution.local.LocalRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A broker and a registry in a process of their own, which ends when its standard input does.
 *
 * @param admin of the broker
 */
record Cluster(Process process, String bootstrapServers, String registryUrl, Admin admin)
    implements AutoCloseable {
  private static final String READY = "ready";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The process: prints {@value #READY}, the bootstrap servers and the registry in one line. */
  public static void main(String[] args) throws IOException {
    BrokerOptions options =
        BrokerOptions.DEFAULTS
            .withDataDirectory(Path.of(args[0]))
            .withProperty("log.retention.check.interval.ms", "5000")
            .withProperty("log.segment.delete.delay.ms", "1000");
    try (LocalRegistry registry = LocalRegistry.start();
        EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
      System.out.println(READY + " " + kafka.bootstrapServers() + " " + registry.url());
      while (System.in.read() >= 0) {
        // The benchmark holds the other end.
      }
    }
    System.exit(0);
  }

  /**
   * Starts both; returns when they serve.
   *
   * @param directory for the records and the log
   */
  static Cluster start(Path directory) throws IOException {
    List<String> command =
        Processes.java(
            Cluster.class,
            List.of("-Xms512m", "-Xmx1g"),
            List.of(directory.resolve("broker").toString()));
    Process process =
        new ProcessBuilder(command).redirectError(directory.resolve("broker.log").toFile()).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY + " ")) {
        Thread drain = new Thread(() -> out.lines().forEach(rest -> {}), "broker-output");
        drain.setDaemon(true);
        drain.start();
        String[] words = line.split(" ", -1);
        Map<String, Object> settings =
            Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, words[1]);
        return new Cluster(process, words[1], words[2], Admin.create(settings));
      }
    }
    throw new IllegalStateException("the broker did not start; see broker.log");
  }

  Processes processes() {
    return new Processes(List.of(process), "broker.log");
  }

  /**
   * Creates the topics that do not exist, and waits until the broker shows them.
   *
   * @param maxMessageBytes by topic
   * @param settings of each topic
   */
  void create(Map<String, Long> maxMessageBytes, int partitions, Map<String, String> settings) {
    Set<String> missing = new HashSet<>(maxMessageBytes.keySet());
    missing.removeAll(await(admin.listTopics().names()));
    List<NewTopic> topics =
        missing.stream()
            .map(
                name -> {
                  Map<String, String> all = new HashMap<>(settings);
                  all.put(
                      TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                      String.valueOf(maxMessageBytes.get(name)));
                  return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(all);
                })
            .toList();
    await(admin.createTopics(topics).all());
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!await(admin.listTopics().names()).containsAll(missing)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the broker does not show its new topics after " + TIMEOUT);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  /** Deletes all topics of a run. */
  void delete(String prefix) {
    Set<String> topics = new HashSet<>(await(admin.listTopics().names()));
    topics.removeIf(topic -> !topic.startsWith(prefix + "."));
    await(admin.deleteTopics(topics).all());
  }

  /**
   * Ends of a topic as a read_committed reader sees them, summed over its partitions. Under
   * exactly-once a commit's marker counts like a record.
   */
  long committed(String topic, int partitions) {
    Map<TopicPartition, OffsetSpec> latest =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .collect(toMap(partition -> partition, partition -> OffsetSpec.latest()));
    ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    return await(admin.listOffsets(latest, committed).all()).values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  /** A producer that remembers its failure. */
  static final class Producer implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Producer(Cluster cluster, int lingerMillis, String compression) {
      Map<String, Object> settings =
          Map.of(
              ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
              cluster.bootstrapServers,
              ProducerConfig.LINGER_MS_CONFIG,
              lingerMillis,
              ProducerConfig.BATCH_SIZE_CONFIG,
              256 << 10,
              ProducerConfig.COMPRESSION_TYPE_CONFIG,
              compression,
              ProducerConfig.BUFFER_MEMORY_CONFIG,
              64L << 20);
      this.producer =
          new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void send(ProducerRecord<byte[], byte[]> record) {
      var unused = producer.send(record, (metadata, e) -> failure.compareAndSet(null, e));
    }

    /**
     * @throws IllegalStateException when a record was not written
     */
    void flush() {
      producer.flush();
      Exception cause = failure.get();
      if (cause != null) {
        throw new IllegalStateException("records were not written: " + cause, cause);
      }
    }

    @Override
    public void close() {
      producer.close(Duration.ofSeconds(5));
    }
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    admin.close();
    try {
      process.getOutputStream().close();
      process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (IOException e) {
      // Ended below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
