package io.attribution.stream.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.logging.SparseLines.Summary;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SparseLinesTest {
  private static final OptionalLong LEFT_OUT = OptionalLong.empty();

  private long nanos = Long.MAX_VALUE - 5;
  private final SparseLines<String> lines = new SparseLines<>(() -> nanos);

  private void pass(int seconds) {
    nanos += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void logsOneLineAMinuteForACauseAndCountsTheRest() {
    assertThat(own("a", "1")).isEqualTo(OptionalLong.of(0));
    assertThat(own("a", "2")).isEqualTo(LEFT_OUT);
    assertThat(own("b", "3")).isEqualTo(OptionalLong.of(0));
    pass(59);
    assertThat(own("a", "4")).isEqualTo(LEFT_OUT);
    pass(1);
    assertThat(own("a", "5")).isEqualTo(OptionalLong.of(2));
  }

  @Test
  void mentionsWhatWasLeftOutThoughTheCauseIsGone() {
    own("a", "1");
    own("a", "2");
    own("a", "3");
    pass(59);
    assertThat(lines.due()).isEmpty();
    pass(1);
    assertThat(lines.due()).containsExactly(new Summary<>("3", 1));
    assertThat(lines.due()).isEmpty();
    assertThat(own("a", "4")).isEqualTo(LEFT_OUT);
  }

  @Test
  void mentionsAllOfItAtTheEnd() {
    own("a", "1");
    own("a", "2");
    assertThat(lines.all(false)).containsExactly(new Summary<>("2", 0));
    assertThat(lines.all(false)).isEmpty();
  }

  /** Brokers that cannot be reached at the start: the command says it, once it has given up. */
  @Test
  void holdsBackOtherLibrariesLinesWhileItStarts() {
    foreign("1");
    pass(119);
    foreign("2");
    assertThat(own("mine", "3")).isEqualTo(OptionalLong.of(0));
    assertThat(lines.due()).isEmpty();
    pass(1);
    assertThat(lines.due()).containsExactly(new Summary<>("2", 1));
    assertThat(foreign("4")).isEqualTo(LEFT_OUT);
  }

  @Test
  void addsNothingToTheReasonOfAStartThatFails() {
    foreign("1");
    own("a", "2");
    own("a", "3");
    assertThat(lines.all(true)).containsExactly(new Summary<>("3", 0));
  }

  @Test
  void losesNothingOfAStartThatIsEnded() {
    foreign("1");
    assertThat(lines.all(false)).containsExactly(new Summary<>("1", 0));
  }

  @Test
  void mentionsOtherLibrariesLinesBeforeALaterFailure() {
    pass(120);
    assertThat(foreign("1")).isEqualTo(OptionalLong.of(0));
    foreign("2");
    assertThat(lines.all(true)).containsExactly(new Summary<>("2", 0));
  }

  private OptionalLong foreign(String line) {
    return lines.admit("theirs", true, line);
  }

  /** Whatever other libraries think of in an outage. */
  @Test
  void logsAFewLinesAMinuteOfOtherLibrariesTogether() {
    pass(120);
    assertThat(minuteOfForeignLines()).isEqualTo(SparseLines.FOREIGN_LIMIT);
    assertThat(own("a", "mine")).isEqualTo(OptionalLong.of(0));
    pass(61);
    assertThat(lines.due()).hasSize(SparseLines.FOREIGN_LIMIT);
    assertThat(minuteOfForeignLines()).isZero();
    pass(61);
    assertThat(lines.due().size() + minuteOfForeignLines()).isEqualTo(SparseLines.FOREIGN_LIMIT);
  }

  private long minuteOfForeignLines() {
    return IntStream.range(0, 1000)
        .filter(i -> lines.admit("cause " + i % 20, true, "line " + i).isPresent())
        .count();
  }

  @Test
  void staysSmallWhateverComes() {
    long logged =
        IntStream.range(0, 10_000).filter(i -> own("cause " + i, "x").isPresent()).count();
    assertThat(logged).isEqualTo(SparseLines.MAX_CAUSES + 1);
    pass(61);
    assertThat(lines.due()).containsExactly(new Summary<>("x", 10_000 - logged - 1));
    pass(61);
    assertThat(lines.due()).isEmpty();
    assertThat(own("cause 1", "x")).isEqualTo(OptionalLong.of(0));
  }

  private OptionalLong own(String cause, String line) {
    return lines.admit(cause, false, line);
  }
}
