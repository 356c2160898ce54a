package io.attribution.demo;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.StopSignal;
import io.attribution.stream.terminal.Style;
import io.attribution.stream.terminal.Terminal;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where the demonstration prints.
 *
 * @param bytes standard output
 * @param text the same for lines
 * @param live whether it is a terminal to draw on
 * @param coloured whether it shows colours
 */
record DemoOutput(OutputStream bytes, PrintWriter text, boolean live, boolean coloured) {
  private static final int STEP_WIDTH = 60;

  /** What the process's standard output can do. */
  static DemoOutput of(OutputStream bytes, PrintWriter text) {
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

  /**
   * Does one thing; prints what it is, and then how long it took.
   *
   * @throws Stopped when it fails after the stop signal
   */
  <T> T step(String what, StopSignal stop, Supplier<T> work) {
    text.print(Line.of(what + " …").padTo(STEP_WIDTH).render(coloured));
    text.flush();
    long start = System.nanoTime();
    T result = get(work, stop);
    String took = Figures.seconds(Duration.ofNanos(System.nanoTime() - start));
    print(Line.of(Style.DIM, took));
    return result;
  }

  private <T> T get(Supplier<T> work, StopSignal stop) {
    try {
      return work.get();
    } catch (RuntimeException | LinkageError e) {
      if (stop.isRaised()) {
        text.println();
        throw new Stopped(e);
      }
      throw e;
    }
  }

  /** A step failed because the process is ending. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Stopped(Throwable cause) {
      super(cause);
    }
  }
}
