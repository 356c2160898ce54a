package io.attribution.cluster.process;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the application has come.
 *
 * @param offsets the group's committed offset of every input partition, and the end of every
 *     partition of an output as a reader of committed records sees it
 */
public record Progress(Map<TopicPartition, Long> offsets) {
  public Progress {
    offsets = Map.copyOf(offsets);
  }

  /**
   * Asks the brokers.
   *
   * @throws ExecutionException while they cannot answer
   */
  public static Progress now(Admin admin) throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> offsets = new HashMap<>(ends(admin, Application.TOPICS.reduced()));
    admin
        .listConsumerGroupOffsets(Application.ID)
        .partitionsToOffsetAndMetadata()
        .get()
        .entrySet()
        .stream()
        .filter(entry -> entry.getKey().topic().equals(Application.TOPICS.features()))
        .filter(entry -> entry.getValue() != null)
        .forEach(entry -> offsets.put(entry.getKey(), entry.getValue().offset()));
    return new Progress(offsets);
  }

  private static Map<TopicPartition, Long> ends(Admin admin, String topic)
      throws ExecutionException, InterruptedException {
    return ends(admin, List.of(topic), IsolationLevel.READ_COMMITTED);
  }

  /**
   * The ends of all partitions of some topics.
   *
   * @throws ExecutionException while the brokers cannot answer
   */
  public static Map<TopicPartition, Long> ends(
      Admin admin, Collection<String> topics, IsolationLevel isolation)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> latest =
        admin.describeTopics(topics).allTopicNames().get().values().stream()
            .flatMap(
                topic ->
                    topic.partitions().stream()
                        .map(p -> new TopicPartition(topic.name(), p.partition())))
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    return admin
        .listOffsets(latest, new ListOffsetsOptions(isolation))
        .all()
        .get()
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  /** Whether every partition has advanced. */
  public boolean isBeyond(Progress earlier) {
    return earlier.offsets.entrySet().stream()
        .allMatch(
            entry -> {
              Long now = offsets.get(entry.getKey());
              return now != null && now > entry.getValue();
            });
  }
}
