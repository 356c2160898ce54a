package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Origin;
import org.junit.jupiter.api.Test;

class AccountsTest {
  private final Accounts accounts = new Accounts("features");

  @Test
  void holdsWhenEveryRecordCameOutOnce() {
    inputs(4);
    accounts.projected(at(0));
    accounts.projected(at(2));
    accounts.deadLetter(at(1));
    accounts.projected(at(3));

    Balance balance = accounts.balance(4);

    assertThat(balance.holds()).isTrue();
    assertThat(balance.problems()).isEmpty();
    assertThat(balance.equation()).isEqualTo("4 in = 3 projected + 1 dead letter");
  }

  @Test
  void namesARecordThatWasLost() {
    inputs(3);
    accounts.projected(at(0));
    accounts.projected(at(2));

    Balance balance = accounts.balance(3);

    assertThat(balance.holds()).isFalse();
    assertThat(balance.problems()).containsExactly("1 record came out nowhere: features-0@1");
    assertThat(balance.equation()).isEqualTo("3 in ≠ 2 projected + 0 dead letters");
  }

  @Test
  void namesARecordThatWasDoubled() {
    inputs(2);
    accounts.projected(at(0));
    accounts.projected(at(1));
    accounts.projected(at(1));

    assertThat(accounts.balance(2).holds()).isFalse();
    assertThat(accounts.balance(2).problems())
        .containsExactly("1 record came out more than once: features-0@1");
  }

  @Test
  void noticesARecordThatIsExplainedAndADeadLetter() {
    inputs(1);
    accounts.projected(at(0));
    accounts.deadLetter(at(0));

    assertThat(accounts.balance(1).problems())
        .containsExactly("1 record came out more than once: features-0@0");
  }

  /** The sums are right; only the positions tell. */
  @Test
  void noticesALossThatADoubleHides() {
    inputs(3);
    accounts.projected(at(0));
    accounts.projected(at(0));
    accounts.projected(at(2));

    Balance balance = accounts.balance(3);

    assertThat(balance.equation()).isEqualTo("3 in = 3 projected + 0 dead letters");
    assertThat(balance.holds()).isFalse();
    assertThat(balance.problems())
        .containsExactly(
            "1 record came out nowhere: features-0@1",
            "1 record came out more than once: features-0@0");
  }

  /** A wrong offset in an output is both. */
  @Test
  void noticesALossThatAStrangerHides() {
    inputs(2);
    accounts.projected(at(0));
    accounts.deadLetter(at(5));

    assertThat(accounts.balance(2).holds()).isFalse();
    assertThat(accounts.balance(2).problems())
        .containsExactly(
            "1 record came out nowhere: features-0@1",
            "1 record came out without having gone in: features-0@5");
  }

  @Test
  void noticesOutcomesOfRecordsThatNobodySent() {
    inputs(1);
    accounts.projected(at(0));
    accounts.projected(at(7));

    assertThat(accounts.balance(1).problems())
        .containsExactly("1 record came out without having gone in: features-0@7");
  }

  @Test
  void noticesRecordsThatNeverReachedTheTopic() {
    inputs(2);
    accounts.projected(at(0));
    accounts.projected(at(1));

    assertThat(accounts.balance(3).holds()).isFalse();
    assertThat(accounts.balance(3).problems())
        .containsExactly("3 records were sent, 2 are on the topic");
  }

  @Test
  void tellsPartitionsApart() {
    accounts.input(new Origin("features", 0, 5));
    accounts.input(new Origin("features", 1, 5));
    accounts.projected(new Origin("features", 0, 5));

    assertThat(accounts.balance(2).problems())
        .containsExactly("1 record came out nowhere: features-1@5");
  }

  @Test
  void namesOnlyTheFirstOfMany() {
    inputs(100);

    assertThat(accounts.balance(100).problems())
        .containsExactly(
            "100 records came out nowhere: features-0@0, features-0@1, features-0@2,"
                + " features-0@3, features-0@4, …");
  }

  private void inputs(int count) {
    for (int offset = 0; offset < count; offset++) {
      accounts.input(at(offset));
    }
  }

  private static Origin at(long offset) {
    return new Origin("features", 0, offset);
  }
}
