package io.attribution.stream.app;

import io.attribution.stream.app.TopicPlan.PlannedTopic;
import io.attribution.stream.app.TopicPlan.Timestamps;
import io.attribution.stream.config.Causes;
import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.KafkaFault;
import io.attribution.stream.topics.TopicLimits;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics on the user's Kafka. */
public final class KafkaTopics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaTopics.class);

  private static final int VISIBLE_TRIES = 20;
  private static final Duration VISIBLE_PAUSE = Duration.ofMillis(100);

  private static final String RECONNECT = AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG;
  private static final String ADMIN_RECONNECT = StreamsConfig.adminClientPrefix(RECONNECT);

  /** Largest backoff between two attempts to reach an unreachable cluster. */
  private static final int RECONNECT_MS = 5000;

  private static final String EVERY = String.valueOf(Long.MAX_VALUE);
  private static final Map<String, String> EVERY_TIMESTAMP =
      Map.of(
          TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
          EVERY,
          TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
          EVERY);

  private final Admin admin;
  private final String address;

  /**
   * Connects with Kafka Streams' settings for its own admin client.
   *
   * @param timeout timeout of each request, also while the cluster is unreachable
   * @throws ConfigException when bootstrap.servers is missing or not an address
   */
  public KafkaTopics(Properties streams, Duration timeout) {
    try {
      StreamsConfig config = new StreamsConfig(streams);
      this.address = String.join(",", config.getList(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG));
      Map<String, Object> settings = config.getAdminConfigs("attribution");
      settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
      // Kafka refuses a timeout of a call that is shorter than that of its requests.
      settings.merge(
          AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
          (int) timeout.toMillis(),
          (given, most) -> Math.min(Integer.parseInt(String.valueOf(given)), (int) most));
      if (!streams.containsKey(RECONNECT) && !streams.containsKey(ADMIN_RECONNECT)) {
        // Kafka logs every attempt: by default one line a second for a minute.
        settings.put(RECONNECT, RECONNECT_MS);
      }
      this.admin = Admin.create(settings);
    } catch (org.apache.kafka.common.config.ConfigException e) {
      throw new ConfigException(Causes.line(e));
    } catch (org.apache.kafka.common.KafkaException e) {
      throw new ConfigException(KafkaFault.ofSettings(e));
    }
  }

  /** The names of all topics. */
  public Set<String> names() {
    return await(admin.listTopics().names());
  }

  /** What existing topics take. */
  public Map<String, TopicLimits> limits(Collection<String> topics) {
    List<ConfigResource> resources =
        topics.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    return admin.describeConfigs(resources).values().entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().name(),
                entry ->
                    limits(
                        await(
                            "configuration of topic '" + entry.getKey().name() + "': ",
                            entry.getValue()))));
  }

  private static TopicLimits limits(Config config) {
    return TopicLimits.of(
        name -> {
          ConfigEntry entry = config.get(name);
          return entry == null ? null : entry.value();
        });
  }

  /** The number of partitions of an existing topic. */
  public int partitions(String topic) {
    return await("topic '" + topic + "': ", admin.describeTopics(List.of(topic)).allTopicNames())
        .values()
        .stream()
        .mapToInt(description -> description.partitions().size())
        .sum();
  }

  /**
   * Creates a missing topic as planned.
   *
   * @param topic its name, partitions and replicas, and configuration of the caller's
   */
  public void create(PlannedTopic plan, NewTopic topic) {
    Map<String, String> configs = new HashMap<>();
    if (topic.configs() != null) {
      configs.putAll(topic.configs());
    }
    configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(plan.maxMessageBytes()));
    if (plan.timestamps() == Timestamps.INPUT) {
      create(topic.configs(configs));
      return;
    }
    Map<String, String> output = new HashMap<>(configs);
    output.putAll(EVERY_TIMESTAMP);
    try {
      create(topic.configs(output));
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof ExecutionException failed
          && failed.getCause() instanceof InvalidConfigurationException)) {
        throw e;
      }
      // Brokers before 3.6 do not know these limits; their default is to take every timestamp.
      create(topic.configs(configs));
    }
  }

  private void create(NewTopic topic) {
    await("create topic '" + topic.name() + "': ", admin.createTopics(List.of(topic)).all());
  }

  /**
   * Requires that all topics exist and can hold the models' messages.
   *
   * @return what each topic takes
   * @throws ConfigException when one does not; names the topic and what to do
   */
  public Map<String, TopicLimits> require(TopicPlan plan) {
    Set<String> present = namesOnceVisible(plan);
    for (PlannedTopic topic : plan.topics()) {
      if (!present.contains(topic.name())) {
        requireVisible(topic.name());
        throw new ConfigException(
            "topic '%s' (%s) does not exist on %s; create it, or run: attribution topics create --config FILE"
                .formatted(topic.name(), topic.purpose(), address));
      }
    }
    return limits(plan.topics().stream().map(PlannedTopic::name).toList());
  }

  /** A list of topics leaves out those that the principal may not see; naming one does not. */
  private void requireVisible(String topic) {
    try {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw failed("topic '" + topic + "': ", e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Retries briefly: a new topic may not be known to every broker yet. */
  private Set<String> namesOnceVisible(TopicPlan plan) {
    List<String> wanted = plan.topics().stream().map(PlannedTopic::name).toList();
    Set<String> present = names();
    for (int tries = 0; tries < VISIBLE_TRIES && !present.containsAll(wanted); tries++) {
      LockSupport.parkNanos(VISIBLE_PAUSE.toNanos());
      present = names();
    }
    return present;
  }

  /**
   * Compares the limits of topics with a plan.
   *
   * @param limits what each topic takes
   * @throws ConfigException when messages that will be written for certain do not fit
   */
  public static void check(TopicPlan plan, Map<String, TopicLimits> limits) {
    TopicLimits input = limits.getOrDefault(plan.topics().get(0).name(), TopicLimits.NONE);
    for (PlannedTopic topic : plan.topics()) {
      TopicLimits some = limits.getOrDefault(topic.name(), TopicLimits.NONE);
      long limit = some.maxMessageBytes();
      String problem =
          "topic '%s' (%s) allows messages of %d bytes; raise its max.message.bytes to %d"
              .formatted(topic.name(), topic.purpose(), limit, topic.maxMessageBytes());
      if (limit < topic.requiredBytes()) {
        throw new ConfigException(problem);
      }
      if (limit < topic.maxMessageBytes()) {
        LOG.warn("{}, or the largest inputs that are allowed will not fit", problem);
      }
      if (topic.timestamps() == Timestamps.KEPT) {
        some.stricterThan(input)
            .forEach(
                rule ->
                    LOG.warn(
                        "topic '{}' ({}) {}; such records become dead letters",
                        topic.name(),
                        topic.purpose(),
                        rule));
      }
    }
  }

  private <T> T await(KafkaFuture<T> future) {
    return await("", future);
  }

  /**
   * @param what the request, for messages; Kafka's own name no topic
   */
  private <T> T await(String what, KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw failed(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Kafka at " + address, e);
    }
  }

  private IllegalStateException failed(String what, ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new IllegalStateException(
        "Kafka at " + address + ": " + what + KafkaFault.describe(cause), e);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}
