package io.attribution.stream.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StatusLineTest {
  private final StringWriter text = new StringWriter();
  private final AtomicLong clock = new AtomicLong();

  @Test
  void rewritesItselfOnATerminal() {
    StatusLine status = status(10);

    after(Duration.ofMillis(100), status, "one");
    after(Duration.ofMillis(50), status, "too soon");
    after(Duration.ofMillis(50), status, "longer than ten");
    status.clear();

    assertThat(text.toString()).isEqualTo("\r\u001b[Kone\r\u001b[Klonger t…\r\u001b[K");
  }

  @Test
  void printsNowAndThenElsewhere() {
    StatusLine status = status(0);

    after(Duration.ofSeconds(4), status, "too soon");
    after(Duration.ofSeconds(1), status, "one");
    after(Duration.ofSeconds(1), status, "too soon");
    status.clear();

    assertThat(text.toString()).isEqualTo("one" + System.lineSeparator());
  }

  private StatusLine status(int columns) {
    return new StatusLine(new PrintWriter(text), columns, clock::get);
  }

  private void after(Duration pause, StatusLine status, String line) {
    clock.addAndGet(pause.toNanos());
    status.show(() -> Line.of(line));
  }
}
