package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PlainDisplayTest {
  private static final Streaming.Traffic TRAFFIC =
      new Streaming.Traffic(20, OptionalLong.empty(), 200, 200);

  private final Example example = Sample.example("digits");
  private final Scoreboard board = Sample.busyBoard(example);
  private final StringWriter text = new StringWriter();
  private final AtomicLong clock = new AtomicLong();
  private final PlainDisplay display =
      new PlainDisplay(new PrintWriter(text), new ExplanationPanel(example, false), clock::get);

  @Test
  void printsALineASecondAndThreeExplanationsWithoutEscapeCodes() {
    for (int i = 0; i < 200; i++) {
      clock.addAndGet(Duration.ofMillis(50).toNanos());
      board.explained(
          Sample.explanation(example, Integer.toString(i), 100 + i), Sample.NOW.toEpochMilli());
      display.update(board, TRAFFIC);
    }
    display.close();

    assertThat(text.toString().lines().filter(line -> line.startsWith("0:00  in 20"))).hasSize(10);
    assertThat(text.toString().lines().filter(line -> line.startsWith("EXPLANATION")))
        .hasSize(3)
        .first()
        .asString()
        .startsWith("EXPLANATION 1 OF 3  row 0 (label 0) from features-1@100");
    assertThat(text.toString()).doesNotContain("\u001b");
  }

  @Test
  void doesNotPrintAnExplanationTwice() {
    for (int i = 0; i < 200; i++) {
      clock.addAndGet(Duration.ofMillis(50).toNanos());
      display.update(board, TRAFFIC);
    }

    assertThat(text.toString().lines().filter(line -> line.startsWith("EXPLANATION"))).hasSize(1);
  }
}
