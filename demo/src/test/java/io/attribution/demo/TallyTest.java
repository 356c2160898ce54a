package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.demo.TopicReader.DeadLetter;
import io.attribution.drift.Origin;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally();

  @Test
  void holdsWhenEveryRecordCameOutOnce() {
    inputs(4);
    tally.projected(at(0));
    tally.projected(at(2));
    deadLetter(at(1));
    tally.projected(at(3));

    assertThat(tally.problems(4)).isEmpty();
    assertThat(tally.equation()).isEqualTo("4 in = 3 projected + 1 dead letter");
  }

  @Test
  void namesARecordThatWasLost() {
    inputs(3);
    tally.projected(at(0));
    tally.projected(at(2));

    assertThat(tally.problems(3)).containsExactly("1 record lost: features-0@1");
    assertThat(tally.equation()).isEqualTo("3 in ≠ 2 projected + 0 dead letters");
  }

  @Test
  void namesARecordThatWasDoubled() {
    inputs(2);
    tally.projected(at(0));
    tally.projected(at(1));
    tally.projected(at(1));

    assertThat(tally.problems(2)).containsExactly("1 record came out more than once: features-0@1");
  }

  @Test
  void noticesARecordThatIsExplainedAndADeadLetter() {
    inputs(1);
    tally.projected(at(0));
    deadLetter(at(0));

    assertThat(tally.problems(1)).containsExactly("1 record came out more than once: features-0@0");
  }

  /** The sums are right; only the positions tell. */
  @Test
  void noticesALossThatADoubleHides() {
    inputs(3);
    tally.projected(at(0));
    tally.projected(at(0));
    tally.projected(at(2));

    assertThat(tally.equation()).isEqualTo("3 in = 3 projected + 0 dead letters");
    assertThat(tally.problems(3))
        .containsExactly(
            "1 record lost: features-0@1", "1 record came out more than once: features-0@0");
  }

  /** A wrong offset in an output is both. */
  @Test
  void noticesALossThatAStrangerHides() {
    inputs(2);
    tally.projected(at(0));
    deadLetter(at(5));

    assertThat(tally.problems(2))
        .containsExactly(
            "1 record lost: features-0@1", "1 record came out, but never went in: features-0@5");
  }

  @Test
  void noticesOutcomesOfRecordsThatWereNotSent() {
    inputs(1);
    tally.projected(at(0));
    tally.projected(at(7));

    assertThat(tally.problems(1))
        .containsExactly("1 record came out, but never went in: features-0@7");
  }

  @Test
  void noticesRecordsThatNeverReachedTheTopic() {
    inputs(2);
    tally.projected(at(0));
    tally.projected(at(1));

    assertThat(tally.problems(3)).containsExactly("3 records sent, but the input topic has 2");
  }

  @Test
  void tellsPartitionsApart() {
    tally.input(new Origin("features", 0, 5));
    tally.input(new Origin("features", 1, 5));
    tally.projected(new Origin("features", 0, 5));

    assertThat(tally.problems(2)).containsExactly("1 record lost: features-1@5");
  }

  @Test
  void namesOnlyTheFirstOfMany() {
    inputs(100);

    assertThat(tally.problems(100))
        .containsExactly(
            "100 records lost: features-0@0, features-0@1, features-0@2,"
                + " features-0@3, features-0@4, …");
  }

  @Test
  void countsNeighboursOnBothSidesAndTheSamePartitionOnly() {
    deadLetter(new Origin("features", 0, 5));
    tally.projected(new Origin("features", 0, 4));
    tally.projected(new Origin("features", 0, 7));
    tally.projected(new Origin("features", 1, 6));

    assertThat(tally.explainedNeighbours()).isEqualTo(1);

    tally.projected(new Origin("features", 0, 6));

    assertThat(tally.explainedNeighbours()).isEqualTo(2);
  }

  @Test
  void theFirstRecordHasOneNeighbour() {
    deadLetter(at(0));
    tally.projected(at(1));

    assertThat(tally.explainedNeighbours()).isEqualTo(1);
  }

  @Test
  void aBadNeighbourIsNotExplained() {
    deadLetter(at(3));
    deadLetter(at(4));

    assertThat(tally.explainedNeighbours()).isZero();
  }

  @Test
  void countsAnOutcomeThatCameTwiceOnce() {
    tally.projected(at(0));
    tally.projected(at(0));
    deadLetter(at(0));
    deadLetter(at(1));

    assertThat(tally.outcomes()).isEqualTo(2);
  }

  private void inputs(int count) {
    for (int offset = 0; offset < count; offset++) {
      tally.input(at(offset));
    }
  }

  private void deadLetter(Origin source) {
    tally.deadLetter(new DeadLetter(source, "tombstone", "the value is null"));
  }

  private static Origin at(long offset) {
    return new Origin("features", 0, offset);
  }
}
