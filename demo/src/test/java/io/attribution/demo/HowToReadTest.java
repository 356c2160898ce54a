package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.topics.Topics;
import java.util.List;
import org.junit.jupiter.api.Test;

class HowToReadTest {

  @Test
  void hasTheAddressesAndFitsAnOrdinaryTerminal() {
    List<Line> lines =
        HowToRead.lines("127.0.0.1:65000", "http://127.0.0.1:65001", Topics.DEFAULT, "digits");

    assertThat(lines).allMatch(line -> line.width() < 80);
    assertThat(lines)
        .extracting(Line::plain)
        .contains(
            "  kcat -C -b 127.0.0.1:65000 -o beginning -e -f '%k %h\\n' \\",
            "    --registry http://127.0.0.1:65001 \\".indent(2).stripTrailing());
  }
}
