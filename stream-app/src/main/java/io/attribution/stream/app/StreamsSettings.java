package io.attribution.stream.app;

import io.attribution.stream.config.AppConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * Kafka Streams' settings: defaults sized from batches and vectors, overridden by the user's
 * settings. See docs/decisions/0003-streams-settings.md for the reasons.
 */
public final class StreamsSettings {
  static final String APPLICATION_ID = "attribution-streams";
  private static final String GLOBAL_HANDLER = "processing.exception.handler.global.enabled";
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  /** Key, headers, names and positions of an ordinary record. */
  private static final long ROW_OVERHEAD = 512;

  private static final int MAX_PRODUCER_LINGER_MS = 1;

  /** The most stream threads by default: each has its own producer, consumer and batches. */
  private static final int MAX_STREAM_THREADS = 16;

  private static final int EXACTLY_ONCE_COMMIT_INTERVAL_MS = 100;
  private static final int AT_LEAST_ONCE_COMMIT_INTERVAL_MS = 1000;
  private static final int MAX_POLL_MS = 100;

  /** Leaves the size of socket buffers to the operating system. */
  private static final int SYSTEMS_CHOICE = -1;

  private static final int SESSION_TIMEOUT_MS = 10_000;

  /** Outputs whose vectors have more bytes are not compressed: it is not worth the time. */
  private static final int INCOMPRESSIBLE_BYTES = 4096;

  private static final int PRODUCER_BATCH_BYTES = 256 << 10;
  private static final long DEFAULT_MAX_PARTITION_FETCH = MIB;

  private StreamsSettings() {}

  /** The settings of one application instance. */
  public static Properties of(AppConfig config, MessageSizes sizes) {
    Map<String, Object> settings = new LinkedHashMap<>();
    long lingerMs = config.batch().linger().toMillis();
    int rows = config.batch().maxRecords();
    long inputBatch =
        Math.min((long) config.batch().maxBytes(), rows * (sizes.inputVector() + ROW_OVERHEAD));
    long outputBatch = Math.min(1 << 30, rows * (sizes.outputVectors() + ROW_OVERHEAD));

    // Without both Kafka Streams logs a warning at every start; there are no global tables.
    settings.put(GLOBAL_HANDLER, true);
    settings.put(consumer(GLOBAL_HANDLER), true);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        commitIntervalMillis(config.kafka().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)));
    // The linger's timer and commits run only between polls.
    settings.put(StreamsConfig.POLL_MS_CONFIG, Math.max(1, Math.min(MAX_POLL_MS, lingerMs / 2)));
    settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 2 * rows);
    // The cache of the drift stage, which puts its state with every record.
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 32 * MIB);
    // The store is small whatever its changelog's offsets say: a new instance works at once instead
    // of warming up until the next probing rebalance, ten minutes later.
    settings.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, Long.MAX_VALUE);
    // The active segment is never compacted, and a restore reads all of it.
    settings.put(
        changelog(TopicConfig.SEGMENT_BYTES_CONFIG),
        String.valueOf(Math.min(GIB, Math.max(16 * MIB, 4 * sizes.changelog()))));
    settings.put(
        changelog(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), String.valueOf(sizes.changelog()));
    // A changelog takes any timestamp: nothing reads it.
    settings.put(changelog(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG), "LogAppendTime");
    // How long the partitions of a killed instance stay unread; Kafka's default is 45 s. Heartbeats
    // have their own thread, which no batch blocks.
    settings.put(consumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MS);
    settings.put(consumer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 2 * rows);
    settings.put(
        consumer(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        (int) Math.max(DEFAULT_MAX_PARTITION_FETCH, Math.min(64 * MIB, 2 * inputBatch)));
    // Kafka's 64 and 128 KiB hold only a few vectors, and nothing drains the sockets while a batch
    // is computed.
    settings.put(consumer(ConsumerConfig.RECEIVE_BUFFER_CONFIG), SYSTEMS_CHOICE);
    settings.put(producer(ProducerConfig.SEND_BUFFER_CONFIG), SYSTEMS_CHOICE);
    settings.put(
        producer(ProducerConfig.LINGER_MS_CONFIG), Math.min(MAX_PRODUCER_LINGER_MS, lingerMs));
    settings.put(producer(ProducerConfig.BATCH_SIZE_CONFIG), PRODUCER_BATCH_BYTES);
    settings.put(producer(ProducerConfig.COMPRESSION_TYPE_CONFIG), compression(sizes));
    settings.put(
        producer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        (int) Math.min(Integer.MAX_VALUE, sizes.largest()));
    settings.put(
        producer(ProducerConfig.BUFFER_MEMORY_CONFIG),
        Math.max(64 * MIB, 2 * Math.max(outputBatch, sizes.largest())));
    return underUser(settings, config.kafka());
  }

  /**
   * The default commit interval. Under exactly-once a result is visible only after the commit.
   * Under at-least-once it is visible at once, and a commit only limits what a crash repeats.
   *
   * @param guarantee {@code processing.guarantee}; null for the default
   */
  public static int commitIntervalMillis(@Nullable String guarantee) {
    return StreamsConfig.AT_LEAST_ONCE.equals(guarantee)
        ? AT_LEAST_ONCE_COMMIT_INTERVAL_MS
        : EXACTLY_ONCE_COMMIT_INTERVAL_MS;
  }

  /** Long float32 vectors hardly compress; trying takes CPU time from the encoder. */
  private static String compression(MessageSizes sizes) {
    return sizes.outputVectors() < INCOMPRESSIBLE_BYTES ? "lz4" : "none";
  }

  /**
   * The default number of stream threads: one per core, because Kafka's work per record is more
   * than the engine's; at most one per partition, because an idle thread takes a core from
   * libtorch.
   *
   * @param partitions of the input topic
   * @param cores of this machine
   */
  public static Properties withThreads(Properties settings, int partitions, int cores) {
    settings.putIfAbsent(
        StreamsConfig.NUM_STREAM_THREADS_CONFIG,
        Math.max(1, Math.min(MAX_STREAM_THREADS, Math.min(partitions, cores))));
    return settings;
  }

  private static String consumer(String key) {
    return StreamsConfig.MAIN_CONSUMER_PREFIX + key;
  }

  /**
   * Settings of the changelogs: the only topics that Kafka Streams creates for this application.
   */
  private static String changelog(String key) {
    return StreamsConfig.TOPIC_PREFIX + key;
  }

  private static String producer(String key) {
    return StreamsConfig.PRODUCER_PREFIX + key;
  }

  /** The user's setting wins, with or without the client's prefix. */
  private static Properties underUser(Map<String, Object> settings, Map<String, String> user) {
    Properties properties = new Properties();
    settings.forEach(
        (key, value) -> {
          String plain = key.replaceFirst("^(main\\.consumer|producer)\\.", "");
          if (!user.containsKey(plain) && !user.containsKey("consumer." + plain)) {
            properties.put(key, value);
          }
        });
    properties.putAll(user);
    // Without one Kafka Streams generates a client id at every start, and with it new thread names
    // and new metric labels.
    properties.putIfAbsent(
        StreamsConfig.CLIENT_ID_CONFIG, properties.get(StreamsConfig.APPLICATION_ID_CONFIG));
    return properties;
  }
}
