package io.attribution.demo;

import io.attribution.schema.ProjectedContribution;
import io.attribution.stream.terminal.Line;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** For pipes and logs: a line a second, every alert, and a few explanations in full. */
final class PlainDisplay implements Streaming.Display {
  private static final long LINE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long SAMPLE_NANOS = Duration.ofMillis(250).toNanos();
  private static final int SAMPLES = 3;

  private final PrintWriter out;
  private final ExplanationPanel panel;
  private final LongSupplier nanoClock;
  private long nextLine;
  private long nextSample;
  private int samples;
  private int alerts;
  private @Nullable ProjectedContribution last;

  PlainDisplay(PrintWriter out, ExplanationPanel panel, LongSupplier nanoClock) {
    this.out = out;
    this.panel = panel;
    this.nanoClock = nanoClock;
    this.nextSample = nanoClock.getAsLong();
    this.nextLine = nextSample + LINE_NANOS;
  }

  @Override
  public void update(Scoreboard board, Streaming.Traffic traffic) {
    long now = nanoClock.getAsLong();
    if (now - nextLine >= 0) {
      nextLine = now + LINE_NANOS;
      Line clock = Line.of(Figures.clock(board.elapsed()) + "  ");
      out.println(
          clock.add(StatusLines.flow(board, traffic)).add("  ").add(StatusLines.latency(board)));
    }
    for (; alerts < board.alerts().size(); alerts++) {
      out.println(StatusLines.alert(board.alerts().get(alerts)));
    }
    ProjectedContribution latest = board.latest().orElse(null);
    boolean due = samples < SAMPLES && now - nextSample >= 0;
    if (due && latest != null && !Objects.equals(latest, last)) {
      nextSample = now + SAMPLE_NANOS;
      sample(latest);
    }
  }

  private void sample(ProjectedContribution explanation) {
    last = explanation;
    samples++;
    String heading = "EXPLANATION " + samples + " OF " + SAMPLES;
    out.println();
    panel.printed(heading, explanation).forEach(out::println);
    out.println();
  }

  @Override
  public void close() {
    out.flush();
  }
}
