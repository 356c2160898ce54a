package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Origin;
import org.junit.jupiter.api.Test;

class BadRecordsTest {
  private final Neighbours neighbours = new Neighbours();
  private final Reasons reasons = new Reasons();

  @Test
  void countsNeighboursOnBothSidesAndTheSamePartitionOnly() {
    neighbours.bad(at(0, 5));
    neighbours.explained(at(0, 4));
    neighbours.explained(at(0, 7));
    neighbours.explained(at(1, 6));

    assertThat(neighbours.explainedCount()).isEqualTo(1);

    neighbours.explained(at(0, 6));

    assertThat(neighbours.explainedCount()).isEqualTo(2);
  }

  @Test
  void theFirstRecordHasOneNeighbour() {
    neighbours.bad(at(0, 0));
    neighbours.explained(at(0, 1));

    assertThat(neighbours.explainedCount()).isEqualTo(1);
  }

  @Test
  void keepsTheLatestOfEachReason() {
    reasons.add(Sample.letter("tombstone", 1));
    reasons.add(Sample.letter("not_finite", 2));
    reasons.add(Sample.letter("tombstone", 3));

    assertThat(reasons.total()).isEqualTo(3);
    assertThat(reasons.latest(6))
        .extracting(entry -> entry.reason() + " " + entry.count() + " " + entry.latest().source())
        .containsExactly("tombstone 2 features-1@3", "not_finite 1 features-1@2");
  }

  @Test
  void leavesOutTheReasonsSeenLongestAgo() {
    reasons.add(Sample.letter("a", 1));
    reasons.add(Sample.letter("b", 2));
    reasons.add(Sample.letter("a", 3));
    reasons.add(Sample.letter("c", 4));

    assertThat(reasons.latest(2)).extracting(Reasons.Entry::reason).containsExactly("a", "c");
  }

  private static Origin at(int partition, long offset) {
    return new Origin("features", partition, offset);
  }
}
