package io.attribution.stream.monitoring;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the stream needs of others: brokers that answer and take commits, and the registry. */
public final class Outside {
  /**
   * A broker that is killed has its partitions led by others after some ten seconds: that is no
   * outage. Not ready within 30 s is what readers of the probe are promised.
   */
  public static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final LastAnswer brokers;
  private final LastAnswer registry;
  private final CommitProgress commits;

  /**
   * @param commitInterval of Kafka Streams: records wait that long in any case
   */
  public Outside(Duration commitInterval) {
    Clock wall = Clock.systemUTC();
    this.brokers = new LastAnswer("brokers", TIMEOUT, wall, System::nanoTime);
    this.registry = new LastAnswer("schema registry", TIMEOUT, wall, System::nanoTime);
    this.commits = new CommitProgress(TIMEOUT.plus(commitInterval), wall, System::nanoTime);
  }

  /** Answers of every broker that leads a partition of the input or of an output. */
  public LastAnswer brokers() {
    return brokers;
  }

  public LastAnswer registry() {
    return registry;
  }

  public CommitProgress commits() {
    return commits;
  }

  /** What is wrong, one line each. */
  public List<String> problems() {
    return Stream.of(brokers.problem(), registry.problem(), commits.problem())
        .flatMap(Optional::stream)
        .toList();
  }
}
