package io.attribution.stream.app;

import io.attribution.stream.monitoring.InputPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Asks every broker that leads a partition of the application's topics, and the coordinator of its
 * group: each call is answered over the network or throws. Needs no right that the stream has not.
 */
final class BrokerProbe implements AutoCloseable {
  /** Of all calls of one probe together. */
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  /** Shorter, so that another broker is asked in place of one that hangs. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(4);

  private final Admin admin;
  private final String group;
  private final IsolationLevel isolation;
  private final String input;
  private final List<String> outputs;

  /**
   * @param settings Kafka Streams'
   * @param plan the application's topics
   */
  BrokerProbe(Properties settings, TopicPlan plan) {
    List<String> topics = plan.topics().stream().map(TopicPlan.PlannedTopic::name).toList();
    StreamsConfig streams = new StreamsConfig(settings);
    this.group = streams.getString(StreamsConfig.APPLICATION_ID_CONFIG);
    this.isolation = isolation(streams.getMainConsumerConfigs(group, group, 0));
    this.input = topics.get(0);
    this.outputs = topics.subList(1, topics.size());
    Map<String, Object> client = streams.getAdminConfigs(group + "-health");
    client.put(AdminClientConfig.CLIENT_ID_CONFIG, group + "-health");
    client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_TIMEOUT.toMillis());
    this.admin = Admin.create(client);
  }

  /** What the input's consumers can read: not beyond a transaction that is open. */
  private static IsolationLevel isolation(Map<String, Object> consumer) {
    return IsolationLevel.valueOf(
        String.valueOf(
                consumer.getOrDefault(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted"))
            .toUpperCase(Locale.ROOT));
  }

  /** A call that was not answered, or not as the stream needs it. */
  static final class ProbeException extends Exception {
    private static final long serialVersionUID = 1L;

    ProbeException(String message) {
      super(message);
    }
  }

  /** The position of every partition of the input topic. */
  List<InputPosition> positions() throws ProbeException, InterruptedException {
    Collection<TopicPartition> partitions =
        describe(List.of(input)).stream().flatMap(BrokerProbe::led).toList();
    Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
    Map<TopicPartition, Long> committed = committed();
    Map<TopicPartition, Long> begins =
        offsets(
            partitions.stream().filter(partition -> !committed.containsKey(partition)).toList(),
            OffsetSpec.earliest());
    List<InputPosition> positions = new ArrayList<>();
    ends.forEach(
        (partition, end) ->
            positions.add(
                new InputPosition(
                    partition.partition(),
                    committed.getOrDefault(partition, begins.getOrDefault(partition, end)),
                    end)));
    return positions;
  }

  /** Whether the outputs can be written: their leaders answer, and have enough replicas. */
  void requireWritable() throws ProbeException, InterruptedException {
    Map<String, Integer> wanted = minInSyncReplicas();
    List<TopicDescription> topics = describe(outputs);
    for (TopicDescription topic : topics) {
      int least = wanted.getOrDefault(topic.name(), 1);
      for (TopicPartitionInfo partition : topic.partitions()) {
        // Brokers want no more replicas than there are.
        if (partition.isr().size() < Math.min(least, partition.replicas().size())) {
          throw new ProbeException(
              "%s-%d has %d of the %d in-sync replicas without which brokers refuse to write"
                  .formatted(topic.name(), partition.partition(), partition.isr().size(), least));
        }
      }
    }
    offsets(topics.stream().flatMap(BrokerProbe::led).toList(), OffsetSpec.latest());
  }

  private List<TopicDescription> describe(List<String> topics)
      throws ProbeException, InterruptedException {
    List<TopicDescription> found =
        List.copyOf(await("topics", admin.describeTopics(topics).allTopicNames()).values());
    for (TopicDescription topic : found) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        Node leader = partition.leader();
        if (leader == null || leader.isEmpty()) {
          throw new ProbeException(
              "%s-%d has no leader: its brokers are down"
                  .formatted(topic.name(), partition.partition()));
        }
      }
    }
    return found;
  }

  private static Stream<TopicPartition> led(TopicDescription topic) {
    return topic.partitions().stream()
        .map(partition -> new TopicPartition(topic.name(), partition.partition()));
  }

  private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec)
      throws ProbeException, InterruptedException {
    if (partitions.isEmpty()) {
      return Map.of();
    }
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(partition -> partition, any -> spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    await("offsets", admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all())
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  private Map<TopicPartition, Long> committed() throws ProbeException, InterruptedException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> found =
        await(
            "committed offsets",
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    found.forEach(
        (partition, offset) ->
            Optional.ofNullable(offset)
                .ifPresent(known -> committed.put(partition, known.offset())));
    committed.keySet().removeIf(partition -> !partition.topic().equals(input));
    return committed;
  }

  private Map<String, Integer> minInSyncReplicas() throws ProbeException, InterruptedException {
    List<ConfigResource> resources =
        outputs.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<String, Integer> wanted = new HashMap<>();
    await("topic configurations", admin.describeConfigs(resources).all())
        .forEach((topic, config) -> wanted.put(topic.name(), minInSyncReplicas(config)));
    return wanted;
  }

  private static int minInSyncReplicas(Config config) {
    return Integer.parseInt(config.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value());
  }

  private static <T> T await(String what, KafkaFuture<T> answer)
      throws ProbeException, InterruptedException {
    try {
      return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new ProbeException("no answer to a request for " + what);
    } catch (ExecutionException e) {
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new ProbeException(
          cause instanceof org.apache.kafka.common.errors.TimeoutException
              ? "no answer to a request for " + what
              : what + ": " + cause.getMessage());
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
