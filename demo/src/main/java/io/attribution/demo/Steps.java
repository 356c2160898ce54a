package io.attribution.demo;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.StopSignal;
import io.attribution.stream.terminal.Style;
import java.time.Duration;
import java.util.function.Supplier;

/** Says what is being done while nothing else shows, and how long it took. */
final class Steps {
  private static final int WIDTH = 60;

  private final DemoOutput output;
  private final StopSignal stop;

  Steps(DemoOutput output, StopSignal stop) {
    this.output = output;
    this.stop = stop;
  }

  /** What a process that is ending cannot start is nobody's fault. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Stopped(Throwable cause) {
      super(cause);
    }
  }

  /**
   * Does one thing.
   *
   * @throws Stopped when it fails and somebody wants to stop anyway
   */
  <T> T step(String what, Supplier<T> work) {
    output.text().print(Line.of(what + " …").padTo(WIDTH).render(output.coloured()));
    output.text().flush();
    long start = System.nanoTime();
    T result = get(work);
    String took = Figures.seconds(Duration.ofNanos(System.nanoTime() - start));
    output.print(Line.of(Style.DIM, took));
    return result;
  }

  private <T> T get(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException | LinkageError e) {
      if (stop.isRaised()) {
        output.text().println();
        throw new Stopped(e);
      }
      throw e;
    }
  }
}
