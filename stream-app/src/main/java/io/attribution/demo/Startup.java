package io.attribution.demo;

import io.attribution.terminal.Line;
import io.attribution.terminal.Style;
import java.time.Duration;
import java.util.function.Supplier;

/** Says what takes a while before the first record. */
final class Startup {
  private static final int WIDTH = 60;

  private final DemoOutput output;

  Startup(DemoOutput output) {
    this.output = output;
  }

  <T> T step(String what, Supplier<T> work) {
    output.text().print(Line.of(what + " …").padTo(WIDTH).render(output.coloured()));
    output.text().flush();
    long start = System.nanoTime();
    T result = work.get();
    String took = Figures.seconds(Duration.ofNanos(System.nanoTime() - start));
    output.print(Line.of(Style.DIM, took));
    return result;
  }
}
