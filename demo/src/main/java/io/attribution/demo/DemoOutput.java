package io.attribution.demo;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Terminal;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;

/**
 * Where a demonstration shows itself.
 *
 * @param bytes standard output
 * @param text the same for lines
 * @param live whether it is a terminal to draw on
 * @param coloured whether it shows colours
 */
public record DemoOutput(OutputStream bytes, PrintWriter text, boolean live, boolean coloured) {

  /** What the process's standard output can do. */
  public static DemoOutput of(OutputStream bytes, PrintWriter text) {
    boolean terminal = Terminal.isOutput();
    return new DemoOutput(
        bytes, text, terminal && Terminal.movesCursor(), terminal && Terminal.showsColours());
  }

  void print(Line line) {
    text.println(line.render(coloured));
    text.flush();
  }

  void print(List<Line> lines) {
    lines.forEach(this::print);
  }
}
