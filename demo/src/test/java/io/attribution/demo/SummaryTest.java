package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.topics.Topics;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private final Example example = Sample.example("digits");
  private final Tally tally = new Tally(Topics.DEFAULT);
  private final Scoreboard board = Sample.busyBoard(example);

  @Test
  void tellsWhatTheTopicsHold() {
    record(3, 1);
    verify(2);
    verify(1);

    Summary summary = summary(4, 1);

    assertThat(summary.holds()).isTrue();
    assertThat(summary.lines()).allMatch(line -> line.width() < 80);
    assertThat(summary.lines())
        .extracting(Line::plain)
        .containsExactly(
            "4 in = 3 projected + 1 dead letter",
            "  ✓ read back from the topics: every record came out exactly once",
            "  also               3 reduced; 3 verified in 2 metrics",
            "  relative error     1.0e-06 over all records, worst single record 2.0e-06",
            "  throughput         2.0/s (2.0 s)",
            "  latency            p50 29 ms, p99 39 ms, from record sent to explanation read",
            "  first explanation  0.0 s after the start",
            "  alerts             none");
  }

  @Test
  void namesEveryKindOfAlertOnce() {
    record(3, 1);
    verify(3);
    Optional<String> bias = Optional.of("bias_present");
    tally.alert(new AlertSeen("linearity_error", true, "critical", bias, "a long message"));
    tally.alert(new AlertSeen("linearity_error", true, "critical", bias, "another message"));
    tally.alert(new AlertSeen("input", true, "warning", Optional.empty(), "a third message"));
    tally.alert(new AlertSeen("input", false, "warning", Optional.empty(), "it is over"));

    assertThat(summary(4, 1).lines())
        .allMatch(line -> line.width() < 80)
        .extracting(Line::plain)
        .endsWith(
            "  alerts             linearity_error open, critical, cause bias_present ×2",
            "                     input open, warning",
            "                     input resolved");
  }

  @Test
  void failsWhenATopicLacksARecord() {
    record(3, 1);
    verify(3);
    tally.reduced();
    assertThat(summary(4, 1).lines())
        .extracting(Line::plain)
        .contains("  3 records came out projected, but 4 are reduced");

    verify(1);
    assertThat(summary(4, 1).holds()).isFalse();
    assertThat(summary(4, 1).lines())
        .extracting(Line::plain)
        .contains("  3 records came out projected, but 4 are in the verification metrics");
  }

  @Test
  void failsWhenARecordIsMissing() {
    record(3, 1);
    verify(3);
    tally.input(at(9));

    Summary summary = summary(5, 1);

    assertThat(summary.holds()).isFalse();
    assertThat(summary.lines())
        .extracting(Line::plain)
        .startsWith(
            "5 in ≠ 3 projected + 1 dead letter",
            "  ✗ read back from the topics, this does not add up:",
            "  1 record came out nowhere: features-0@9");
  }

  @Test
  void failsWhenAGoodRecordBecameADeadLetter() {
    record(3, 1);
    verify(3);

    Summary summary = summary(4, 0);

    assertThat(summary.holds()).isFalse();
    assertThat(summary.lines().get(2).plain())
        .isEqualTo("  0 records were bad on purpose, but there is 1 dead letter");
  }

  private void record(int explained, int bad) {
    for (int i = 0; i < explained + bad; i++) {
      tally.input(at(i));
      if (i < explained) {
        tally.projected(at(i));
        tally.reduced();
      } else {
        tally.deadLetter(new DeadLetter(at(i), "tombstone", "null"));
      }
    }
  }

  private void verify(long records) {
    tally.verified(new VerificationSummary(records, 2 * records, -2, 2, -2, 2, 2e-6, 2e-6), 2e-6);
  }

  private Summary summary(long sent, long badOnPurpose) {
    return new Summary(
        tally.balance(sent), badOnPurpose, Optional.empty(), tally, board, Duration.ofSeconds(2));
  }

  private static Origin at(long offset) {
    return new Origin("features", 0, offset);
  }
}
