package io.attribution.stream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OutsideTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Clock WALL = Clock.fixed(Instant.ofEpochSecond(7), ZoneOffset.UTC);

  private long nanos = Long.MAX_VALUE - 5;
  private final LastAnswer brokers = new LastAnswer("brokers", TIMEOUT, WALL, () -> nanos);
  private final CommitProgress commits = new CommitProgress(TIMEOUT, WALL, () -> nanos);

  private void pass(int seconds) {
    nanos += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void missesAnAnswerEvenWhereNobodyAsksAnyMore() {
    assertThat(brokers.answered()).isEmpty();
    pass(20);
    assertThat(brokers.problem()).isEmpty();
    pass(1);

    assertThat(brokers.problem()).hasValue("brokers: no good answer for 21 s");
    assertThat(brokers.timestamp()).isEqualTo(OptionalLong.of(7000));
  }

  @Test
  void neverAnsweredCountsFromTheStart() {
    pass(21);
    assertThat(brokers.problem()).isPresent();
    assertThat(brokers.timestamp()).isEmpty();
  }

  @Test
  void tellsOfAnOutageOnceAndOfItsEndOnce() {
    assertThat(brokers.failed("refused")).isEmpty();
    pass(21);
    assertThat(brokers.failed("refused")).hasValue("brokers: no good answer for 21 s: refused");
    pass(5);
    assertThat(brokers.failed("refused")).isEmpty();
    assertThat(brokers.answered()).hasValue("brokers: good again after 26 s");
    assertThat(brokers.answered()).isEmpty();
    assertThat(brokers.problem()).isEmpty();
  }

  @Test
  void addsUpTheLagOfAllPartitionsAlsoOfThoseNotCommittedYet() {
    assertThat(commits.lag()).isEmpty();
    observe(at(0, 3, 10), at(1, 0, 100));
    assertThat(commits.lag()).isEqualTo(OptionalLong.of(107));
    commits.observe(List.of(at(0, 3, 10)), Optional.empty());
    assertThat(commits.lag()).isEmpty();
    assertThat(commits.waitSeconds()).isEmpty();
  }

  @Test
  void forgetsTheLagWhenBrokersNoLongerSayWhatItIs() {
    observe(at(0, 10, 10));
    pass(21);
    assertThat(commits.lag()).isEmpty();
    assertThat(commits.waitSeconds()).isEmpty();
    assertThat(commits.problem()).isEmpty();
  }

  /** The first records came before the partitions were known. */
  @Test
  void seesACommitOfAPartitionThatItHasJustBeenGiven() {
    commits.observe(List.of(at(0, 0, 0)), Optional.empty());
    observe(at(0, 100, 100));
    assertThat(commits.lastCommit()).isEqualTo(OptionalLong.of(7000));
  }

  @Test
  void takesNoCreditForTheCommitsOfOthers() {
    commits.observe(List.of(at(0, 0, 0)), Optional.of(Set.of(1)));
    commits.observe(List.of(at(0, 9, 9)), Optional.of(Set.of(1)));
    assertThat(commits.lastCommit()).isEmpty();
  }

  /** The other partition's commits hide nothing. */
  @Test
  void noticesOnePartitionThatIsNotCommittedThoughItHasInput() {
    observe(at(0, 0, 10), at(1, 0, 10));
    pass(20);
    observe(at(0, 5, 15), at(1, 0, 12));
    assertThat(commits.problem()).isEmpty();
    assertThat(commits.lastCommit()).isEqualTo(OptionalLong.of(7000));
    pass(1);
    observe(at(0, 15, 15), at(1, 0, 12));

    assertThat(commits.waitSeconds()).isEqualTo(OptionalDouble.of(21));
    assertThat(commits.problem())
        .hasValue("commits: records wait, and none was committed for 21 s");

    observe(at(0, 15, 15), at(1, 12, 14));
    assertThat(commits.problem()).isEmpty();
  }

  @Test
  void anIdlePartitionWaitsForNothing() {
    observe(at(0, 10, 10));
    pass(600);
    observe(at(0, 10, 10));
    assertThat(commits.waitSeconds()).isEqualTo(OptionalDouble.of(0));
    pass(5);
    observe(at(0, 10, 11));
    assertThat(commits.waitSeconds()).isEqualTo(OptionalDouble.of(5));
    assertThat(commits.lastCommit()).isEmpty();
  }

  /** Brokers went away while records waited: the wait goes on. */
  @Test
  void keepsWaitingWhileBrokersAreAway() {
    observe(at(0, 10, 11));
    pass(300);
    assertThat(commits.waitSeconds()).isEqualTo(OptionalDouble.of(300));
    assertThat(commits.lag()).isEmpty();
  }

  @Test
  void aPartitionThatIsNewHereHasNotWaitedYet() {
    commits.observe(List.of(at(0, 10, 11)), Optional.of(Set.of()));
    assertThat(commits.lag()).isEqualTo(OptionalLong.of(0));
    pass(300);
    observe(at(0, 10, 11));
    assertThat(commits.waitSeconds()).isEqualTo(OptionalDouble.of(0));
    pass(5);
    observe(at(0, 10, 11));
    assertThat(commits.waitSeconds()).isEqualTo(OptionalDouble.of(5));
  }

  private void observe(InputPosition... positions) {
    List<InputPosition> all = List.of(positions);
    commits.observe(
        all, Optional.of(all.stream().map(InputPosition::partition).collect(Collectors.toSet())));
  }

  private static InputPosition at(int partition, long committed, long end) {
    return new InputPosition(partition, committed, end);
  }
}
