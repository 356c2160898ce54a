package io.attribution.stream.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineTest {
  private static final Line LINE = Line.of("plain ").add(Style.BOLD, "bold").add(" end");

  @Test
  void styleTakesNoWidth() {
    assertThat(LINE.width()).isEqualTo("plain bold end".length());
  }

  @Test
  void rendersCodesOnlyInColour() {
    assertThat(LINE.render(true)).isEqualTo("plain \u001b[1mbold\u001b[0m end");
    assertThat(LINE.render(false)).isEqualTo("plain bold end");
  }

  @Test
  void cutsToAnyWidthAndSaysSo() {
    for (int width = 0; width < 20; width++) {
      Line cut = LINE.cutTo(width);
      assertThat(cut.width()).isEqualTo(Math.min(width, LINE.width()));
    }
    assertThat(LINE.cutTo(9).render(true)).isEqualTo("plain \u001b[1mbo\u001b[0m…");
    assertThat(LINE.cutTo(14)).isSameAs(LINE);
  }

  @Test
  void padsToAWidthAndNeverCuts() {
    assertThat(Line.of("ab").padTo(4).plain()).isEqualTo("ab  ");
    assertThat(Line.of("abcdef").padTo(4).plain()).isEqualTo("abcdef");
  }

  @Test
  void leavesOutStylesOfWhatWasCutAway() {
    assertThat(LINE.cutTo(4).render(true)).isEqualTo("pla…");
  }
}
