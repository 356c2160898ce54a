package io.attribution.stream.monitoring;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Whether records are done: explained and committed. The brokers' own offsets say so, which no
 * fault of this process can embellish. Safe for use by several threads.
 */
public final class CommitProgress {
  private final Duration timeout;
  private final Clock wall;
  private final LongSupplier nanoClock;
  private Map<Integer, Seen> partitions = Map.of();
  private OptionalLong lag = OptionalLong.empty();
  private OptionalLong committedAt = OptionalLong.empty();
  private long observed;

  /**
   * @param mine whether this instance reads the partition
   * @param since when the partition last had nothing to do, or was committed, at the latest
   */
  private record Seen(InputPosition at, boolean mine, long since) {}

  /**
   * @param timeout how old an observation may be, and how long records may wait for a commit
   */
  CommitProgress(Duration timeout, Clock wall, LongSupplier nanoClock) {
    this.timeout = timeout;
    this.wall = wall;
    this.nanoClock = nanoClock;
    this.observed = nanoClock.getAsLong();
  }

  /**
   * Takes what the brokers say now.
   *
   * @param all of the input topic
   * @param mine partitions that this instance reads; empty while they are being assigned
   */
  public synchronized void observe(
      Collection<InputPosition> all, Optional<? extends Set<Integer>> mine) {
    Set<Integer> read = mine.map(Set::copyOf).orElse(Set.of());
    long now = nanoClock.getAsLong();
    Map<Integer, Seen> next = new HashMap<>();
    for (InputPosition position : all) {
      boolean isMine = read.contains(position.partition());
      next.put(position.partition(), seen(position, isMine, now));
    }
    partitions = next;
    lag =
        mine.isPresent()
            ? OptionalLong.of(waiting().mapToLong(seen -> seen.at().waiting()).sum())
            : OptionalLong.empty();
    observed = now;
  }

  private Seen seen(InputPosition position, boolean isMine, long now) {
    Seen before = partitions.getOrDefault(position.partition(), new Seen(position, false, now));
    long moved = position.committed() - before.at().committed();
    if (isMine && moved > 0) {
      committedAt = OptionalLong.of(wall.millis());
    }
    boolean waits = before.mine() && moved == 0 && position.waiting() > 0;
    return new Seen(position, isMine, waits ? before.since() : now);
  }

  private Stream<Seen> waiting() {
    return partitions.values().stream().filter(seen -> seen.mine() && seen.at().waiting() > 0);
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
    OptionalDouble longest = waiting().mapToDouble(seen -> (now - seen.since()) / 1e9).max();
    return longest.isPresent() || !isRecent() ? longest : OptionalDouble.of(0);
  }

  /** When a commit was last seen to have succeeded, in milliseconds since the epoch. */
  public synchronized OptionalLong lastCommit() {
    return committedAt;
  }

  /** Why this instance counts as stuck: records wait, and no commit succeeds. */
  public synchronized Optional<String> problem() {
    OptionalDouble waits = waitSeconds();
    return waits.isPresent() && waits.getAsDouble() > timeout.toMillis() / 1e3
        ? Optional.of(
            "commits: records wait, and none was committed for %.0f s"
                .formatted(waits.getAsDouble()))
        : Optional.empty();
  }

  private boolean isRecent() {
    return nanoClock.getAsLong() - observed <= timeout.toNanos();
  }
}
