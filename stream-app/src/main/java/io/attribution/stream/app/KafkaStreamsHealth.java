package io.attribution.stream.app;

import io.attribution.stream.http.StreamHealth;
import io.attribution.stream.monitoring.Outside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/**
 * The health of Kafka Streams for liveness and readiness probes. After the first start a rebalance
 * keeps it ready: one happens whenever an instance joins or leaves, and requests are still
 * answered. Kafka Streams' own state says little: it is RUNNING while a thread is replaced again
 * and again, while no broker answers, and while none takes a commit.
 */
final class KafkaStreamsHealth implements StreamHealth {
  /** Longer than the interval of retries while the registry is unreachable. */
  private static final Duration RECENTLY = Duration.ofSeconds(15);

  private final KafkaStreams streams;
  private final FailurePolicy failures;
  private final Outside outside;
  private volatile boolean ran;

  KafkaStreamsHealth(KafkaStreams streams, FailurePolicy failures, Outside outside) {
    this.streams = streams;
    this.failures = failures;
    this.outside = outside;
  }

  /** Must be called at every state change. */
  void changed(State state) {
    if (state == State.RUNNING) {
      ran = true;
    }
  }

  @Override
  public String state() {
    return streams.state().name();
  }

  @Override
  public boolean isAlive() {
    return switch (streams.state()) {
      case ERROR, PENDING_ERROR, NOT_RUNNING -> false;
      default -> true;
    };
  }

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    State state = streams.state();
    if (state != State.RUNNING && !(ran && state == State.REBALANCING)) {
      problems.add("Kafka Streams: " + state);
    }
    if (failures.failedWithin(RECENTLY)) {
      problems.add("stream threads: one failed less than %d s ago".formatted(RECENTLY.toSeconds()));
    }
    problems.addAll(outside.problems());
    return List.copyOf(problems);
  }

  @Override
  public Outside outside() {
    return outside;
  }

  /**
   * The partitions of a topic that the stream threads of this instance read; empty while that is
   * not known.
   */
  Optional<Set<Integer>> partitions(String topic) {
    return streams.state().isRunningOrRebalancing()
        ? Optional.of(
            streams.metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .flatMap(task -> task.topicPartitions().stream())
                .filter(partition -> partition.topic().equals(topic))
                .map(TopicPartition::partition)
                .collect(Collectors.toSet()))
        : Optional.empty();
  }
}
