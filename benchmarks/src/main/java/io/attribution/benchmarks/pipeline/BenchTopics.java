package io.attribution.benchmarks.pipeline;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.stream.app.MessageSizes;
import io.attribution.stream.app.TopicPlan;
import io.attribution.stream.app.TopicPlan.PlannedTopic;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.topics.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/** Topics of one run, sized as {@code topics create} would. */
final class BenchTopics {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Admin admin;
  private final int partitions;

  BenchTopics(Admin admin, int partitions) {
    this.admin = admin;
    this.partitions = partitions;
  }

  /** Topics of a run that reads what is already there. */
  static Topics named(String features, String run) {
    return new Topics(
        features,
        run + ".projected",
        run + ".reduced",
        run + ".verification",
        run + ".dead",
        run + ".samples",
        run + ".windows",
        run + ".alerts");
  }

  /**
   * Creates those that are not there.
   *
   * @param extra topic settings beside the size of messages
   */
  void create(AppConfig config, ModelBundle bundle, Map<String, String> extra) {
    Set<String> present = await(admin.listTopics().names());
    List<NewTopic> missing =
        TopicPlan.of(config, MessageSizes.of(List.of(bundle))).topics().stream()
            .filter(topic -> !present.contains(topic.name()))
            .map(topic -> newTopic(topic, extra))
            .toList();
    await(admin.createTopics(missing).all());
    awaitVisible(missing.stream().map(NewTopic::name).collect(Collectors.toSet()));
  }

  /** A busy broker hears of its new topics later than who made them. */
  private void awaitVisible(Set<String> names) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!await(admin.listTopics().names()).containsAll(names)) {
      if (System.nanoTime() > deadline) {
        throw new BenchFailure("the broker does not show its new topics after " + TIMEOUT);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private NewTopic newTopic(PlannedTopic topic, Map<String, String> extra) {
    Map<String, String> settings = new HashMap<>(extra);
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(topic.maxMessageBytes()));
    return new NewTopic(topic.name(), Optional.of(partitions), Optional.empty()).configs(settings);
  }

  /** Everything that is there but the input. */
  void deleteOutputs(Topics topics) {
    Set<String> outputs =
        new HashSet<>(
            List.of(
                topics.projected(),
                topics.reduced(),
                topics.verification(),
                topics.deadLetter(),
                topics.samples(),
                topics.windows(),
                topics.alerts()));
    outputs.retainAll(await(admin.listTopics().names()));
    await(admin.deleteTopics(outputs).all());
  }

  /**
   * Ends of a topic as a read_committed reader sees them, added up over its partitions. Under
   * exactly-once a commit's marker counts like a record.
   */
  long committed(String topic) {
    Map<TopicPartition, OffsetSpec> latest =
        partitions(topic).stream()
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    return await(
            admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all())
        .values()
        .stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  Collection<TopicPartition> partitions(String topic) {
    return java.util.stream.IntStream.range(0, partitions)
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .toList();
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new BenchFailure("the broker: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted", e);
    }
  }
}
