package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.demo.TopicReader.DeadLetter;
import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.terminal.Line;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunSummaryTest {
  private final Example example = Sample.example("digits");
  private final Tally tally = new Tally();
  private final Scoreboard board = Sample.busyBoard(example);

  @Test
  void saysWhatTheTopicsHold() {
    record(3, 1);
    verify(2);
    verify(1);

    RunSummary summary = summary(4, 1);

    assertThat(summary.holds()).isTrue();
    assertThat(summary.lines()).allMatch(line -> line.width() < 80);
    assertThat(summary.lines())
        .extracting(Line::plain)
        .containsExactly(
            "4 in = 3 projected + 1 dead letter",
            "  ✓ read back from the topics: every record came out exactly once",
            "  other topics       3 reduced; 3 verified in 2 metrics",
            "  relative error     1.0e-06 over all records, worst single record 2.0e-06",
            "  throughput         2.0/s (4 records in 2.0 s)",
            "  latency            p50 29 ms, p99 39 ms, from record sent to explanation read",
            "  first explanation  0.0 s after the start",
            "  alerts             none");
  }

  @Test
  void namesEveryKindOfAlertOnce() {
    record(3, 1);
    verify(3);
    tally.alert(Sample.alert("linearity_error", "open", "bias_present"));
    tally.alert(Sample.alert("linearity_error", "open", "bias_present"));
    tally.alert(Sample.alert("input", "open", null));
    tally.alert(Sample.alert("input", "resolved", null));

    assertThat(summary(4, 1).lines())
        .allMatch(line -> line.width() < 80)
        .extracting(Line::plain)
        .endsWith(
            "  alerts             linearity_error open, warning, cause bias_present ×2",
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
        .contains("    3 records projected, but 4 reduced");

    verify(1);
    assertThat(summary(4, 1).holds()).isFalse();
    assertThat(summary(4, 1).lines())
        .extracting(Line::plain)
        .contains("    3 records projected, but 4 verified");
  }

  @Test
  void failsWhenARecordIsMissing() {
    record(3, 1);
    verify(3);
    tally.input(at(9));

    RunSummary summary = summary(5, 1);

    assertThat(summary.holds()).isFalse();
    assertThat(summary.lines())
        .extracting(Line::plain)
        .startsWith(
            "5 in ≠ 3 projected + 1 dead letter",
            "  ✗ read back from the topics, the run has problems:",
            "    1 record lost: features-0@9");
  }

  @Test
  void failsWhenAGoodRecordBecameADeadLetter() {
    record(3, 1);
    verify(3);

    RunSummary summary = summary(4, 0);

    assertThat(summary.holds()).isFalse();
    assertThat(summary.lines().get(2).plain())
        .isEqualTo("    0 records bad on purpose, but 1 dead letter");
  }

  @Test
  void failsWhenTheAlertDoesNotComeThatAnInjectionMustBring() {
    record(3, 1);
    verify(3);
    tally.alert(Sample.alert("linearity_error", "open", "mean_not_subtracted"));

    assertThat(problems(Optional.of(Injection.BIAS)))
        .containsExactly("    'bias' was injected, but no alert reports it");

    tally.alert(Sample.alert("linearity_error", "open", "bias_present"));

    assertThat(problems(Optional.of(Injection.BIAS))).isEmpty();
  }

  @Test
  void failsWhenAnAlertIsAboutWhatIsNotBroken() {
    record(3, 1);
    verify(3);
    tally.alert(Sample.alert("attribution", "open", null));

    assertThat(problems(Optional.empty())).isEmpty();
    assertThat(problems(Optional.of(Injection.SHIFT))).isEmpty();

    tally.alert(Sample.alert("linearity_error", "open", "bias_present"));

    assertThat(problems(Optional.of(Injection.SHIFT)))
        .containsExactly("    an unexpected alert: a message of some length");
    assertThat(problems(Optional.of(Injection.BIAS)))
        .containsExactly("    an unexpected alert: a message of some length");
  }

  private List<String> problems(Optional<Injection> injected) {
    return summary(4, 1, injected).lines().stream()
        .map(Line::plain)
        .filter(line -> line.matches(" {4}\\S.*"))
        .toList();
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

  private RunSummary summary(long sent, long badOnPurpose) {
    return summary(sent, badOnPurpose, Optional.empty());
  }

  private RunSummary summary(long sent, long badOnPurpose, Optional<Injection> injected) {
    return new RunSummary(
        new RunSummary.Run(sent, badOnPurpose, Duration.ofSeconds(2), injected), tally, board);
  }

  private static Origin at(long offset) {
    return new Origin("features", 0, offset);
  }
}
