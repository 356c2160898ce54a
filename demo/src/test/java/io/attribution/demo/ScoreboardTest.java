package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.schema.DriftAlert;
import org.junit.jupiter.api.Test;

class ScoreboardTest {
  private final Scoreboard board = new Scoreboard(Sample.CLOCK);

  @Test
  void keepsTheLatestOfEachReason() {
    board.deadLetter(Sample.letter("tombstone", 1));
    board.deadLetter(Sample.letter("not_finite", 2));
    board.deadLetter(Sample.letter("tombstone", 3));

    assertThat(board.deadLetters()).isEqualTo(3);
    assertThat(board.latestReasons(6))
        .extracting(reason -> reason.name() + " " + reason.count() + " " + reason.latest().source())
        .containsExactly("tombstone 2 features-1@3", "not_finite 1 features-1@2");
  }

  @Test
  void leavesOutTheReasonsSeenLongestAgo() {
    board.deadLetter(Sample.letter("a", 1));
    board.deadLetter(Sample.letter("b", 2));
    board.deadLetter(Sample.letter("a", 3));
    board.deadLetter(Sample.letter("c", 4));

    assertThat(board.latestReasons(2))
        .extracting(Scoreboard.Reason::name)
        .containsExactly("a", "c");
  }

  @Test
  void showsTheLinearityErrorBeforeOtherOpenAlerts() {
    board.alert(Sample.alert("linearity_error", "open", "bias_present"));
    board.alert(Sample.alert("input", "open", null));
    board.alert(Sample.alert("attribution", "open", null));

    assertThat(board.openAlert()).map(DriftAlert::getKind).contains("linearity_error");

    board.alert(Sample.alert("linearity_error", "resolved", null));

    assertThat(board.openAlert()).map(DriftAlert::getKind).contains("input");
  }
}
