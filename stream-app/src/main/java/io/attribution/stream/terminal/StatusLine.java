package io.attribution.stream.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One line of progress: rewritten in place on a terminal, elsewhere a new line every five seconds.
 */
public final class StatusLine {
  private static final long REWRITE_NANOS = Duration.ofMillis(100).toNanos();
  private static final long REPEAT_NANOS = Duration.ofSeconds(5).toNanos();
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final LongSupplier nanoClock;
  private final boolean rewrites;
  private final int columns;
  private final long interval;
  private long next;

  /**
   * @param columns of the terminal; 0 when there is none
   */
  public StatusLine(PrintWriter out, int columns, LongSupplier nanoClock) {
    this.out = out;
    this.nanoClock = nanoClock;
    this.rewrites = columns > 0;
    this.columns = columns;
    this.interval = rewrites ? REWRITE_NANOS : REPEAT_NANOS;
    this.next = nanoClock.getAsLong() + interval;
  }

  /** On standard error. */
  public static StatusLine onError(PrintWriter err) {
    boolean rewrites = Terminal.isError() && Terminal.movesCursor();
    return new StatusLine(err, rewrites ? Terminal.size().columns() : 0, System::nanoTime);
  }

  /** Shows the line if the interval has passed. */
  public void show(Supplier<Line> line) {
    long now = nanoClock.getAsLong();
    if (now - next < 0) {
      return;
    }
    next = now + interval;
    if (rewrites) {
      // The last column stays free: some terminals wrap when it is written.
      out.print(CLEAR + line.get().cutTo(columns - 1).plain());
    } else {
      out.println(line.get().plain());
    }
    out.flush();
  }

  /** Removes the line, so that other output can follow. */
  public void clear() {
    if (rewrites) {
      out.print(CLEAR);
      out.flush();
    }
  }
}
