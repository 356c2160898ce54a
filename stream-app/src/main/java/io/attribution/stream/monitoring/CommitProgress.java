package io.attribution.stream.monitoring;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Whether records are done: explained and committed. The brokers' own offsets say so, which no
 * fault of this process can embellish. Safe for use by several threads.
 */
public final class CommitProgress {
  private final Duration patience;
  private final Clock wall;
  private final LongSupplier nanoClock;
  private Map<Integer, Seen> partitions = Map.of();
  private OptionalLong lag = OptionalLong.empty();
  private OptionalLong committedAt = OptionalLong.empty();
  private long observed;

  /**
   * @param since when the partition last had nothing to do, or was committed, at the latest
   */
  private record Seen(InputPosition at, long since) {}

  /**
   * @param patience how old an observation may be, and how long records may wait for a commit
   */
  CommitProgress(Duration patience, Clock wall, LongSupplier nanoClock) {
    this.patience = patience;
    this.wall = wall;
    this.nanoClock = nanoClock;
    this.observed = nanoClock.getAsLong();
  }

  /** Takes what the brokers say now of the partitions that this instance reads. */
  public synchronized void observe(Collection<InputPosition> mine) {
    long now = nanoClock.getAsLong();
    Map<Integer, Seen> next = new HashMap<>();
    mine.forEach(position -> next.put(position.partition(), seen(position, now)));
    partitions = next;
    lag = OptionalLong.of(mine.stream().mapToLong(InputPosition::waiting).sum());
    observed = now;
  }

  private Seen seen(InputPosition position, long now) {
    Seen before = partitions.get(position.partition());
    if (before == null) {
      return new Seen(position, now);
    }
    long moved = position.committed() - before.at().committed();
    if (moved > 0) {
      committedAt = OptionalLong.of(wall.millis());
    }
    return new Seen(position, moved != 0 || position.waiting() == 0 ? now : before.since());
  }

  /** The partitions of this instance are not known: Kafka Streams rebalances, or has stopped. */
  public synchronized void unknown() {
    partitions = Map.of();
    lag = OptionalLong.empty();
  }

  /**
   * Records of this instance's partitions that are not done; empty while that is not known: brokers
   * do not answer, or partitions are being assigned.
   */
  public synchronized OptionalLong lag() {
    return isRecent() ? lag : OptionalLong.empty();
  }

  /**
   * Seconds since which a partition has had records that wait, and no commit: 0 where none waits.
   * Grows during an outage that began while records waited; empty while nothing is known.
   */
  public synchronized OptionalDouble waitSeconds() {
    if (lag.isEmpty()) {
      return OptionalDouble.empty();
    }
    long now = nanoClock.getAsLong();
    OptionalDouble longest =
        partitions.values().stream()
            .filter(seen -> seen.at().waiting() > 0)
            .mapToDouble(seen -> (now - seen.since()) / 1e9)
            .max();
    return longest.isPresent() || !isRecent() ? longest : OptionalDouble.of(0);
  }

  /** When a commit was last seen to have succeeded, in milliseconds since the epoch. */
  public synchronized OptionalLong lastCommit() {
    return committedAt;
  }

  /** Why this instance counts as stuck: records wait, and no commit succeeds. */
  public synchronized Optional<String> problem() {
    OptionalDouble waits = waitSeconds();
    return waits.isPresent() && waits.getAsDouble() > patience.toMillis() / 1e3
        ? Optional.of(
            "commits: records wait, and none was committed for %.0f s"
                .formatted(waits.getAsDouble()))
        : Optional.empty();
  }

  private boolean isRecent() {
    return nanoClock.getAsLong() - observed <= patience.toNanos();
  }
}
