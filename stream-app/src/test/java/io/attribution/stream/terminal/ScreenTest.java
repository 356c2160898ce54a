package io.attribution.stream.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void givesTheTerminalBackAsItWas() {
    Screen screen = new Screen(bytes, true);
    screen.close();
    screen.close();

    String written = bytes.toString(StandardCharsets.UTF_8);
    assertThat(written)
        .isEqualTo("\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?7h\u001b[?25h\u001b[?1049l");
  }

  @Test
  void writesOverTheFrameBeforeWithoutClearingIt() {
    try (Screen screen = new Screen(bytes, false)) {
      bytes.reset();
      screen.draw(List.of(Line.of(Style.BOLD, "one"), Line.of("two")));
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("\u001b[?2026h\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J\u001b[H\u001b[?2026l")
        .doesNotContain("\u001b[2J");
  }
}
