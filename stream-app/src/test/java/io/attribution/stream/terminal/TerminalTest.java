package io.attribution.stream.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.terminal.Terminal.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTest {

  @Test
  void readsRowsAndColumns() {
    assertThat(Terminal.parse("45 140\n")).isEqualTo(new Size(140, 45));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "0 0\n", "stty: standard input: not a tty"})
  void assumesTheUsualWhereNobodyTells(String answer) {
    assertThat(Terminal.parse(answer)).isEqualTo(Size.USUAL);
  }
}
