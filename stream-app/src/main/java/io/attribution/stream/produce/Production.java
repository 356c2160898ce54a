package io.attribution.stream.produce;

import io.attribution.stream.terminal.Bars;
import io.attribution.stream.terminal.Line;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How much was sent so far.
 *
 * @param sent records handed to the producer
 * @param acknowledged records that the broker has acknowledged
 * @param stopped whether the stop signal ended it
 */
public record Production(
    String topic, long sent, long acknowledged, Duration took, boolean stopped) {
  private static final int BAR = 30;

  /** The last line. */
  public String summary() {
    String missing =
        sent == acknowledged
            ? ""
            : String.format(Locale.ROOT, "; %,d not acknowledged", sent - acknowledged);
    return String.format(
        Locale.ROOT,
        "%s%s on topic %s in %.1f s (%,.0f/s)%s",
        stopped ? "stopped: " : "",
        records(acknowledged),
        topic,
        seconds(),
        rate(),
        missing);
  }

  /**
   * A line while it runs.
   *
   * @param ofFile how much of the file is read, 0 to 1; empty where unknown
   */
  Line progress(OptionalDouble ofFile, OptionalLong limit) {
    double share = ofFile.orElse(0);
    if (limit.isPresent()) {
      share = Math.max(share, (double) sent / limit.getAsLong());
    }
    String figures = String.format(Locale.ROOT, "%s  %,.0f/s", records(sent), rate());
    return ofFile.isEmpty() && limit.isEmpty()
        ? Line.of(figures)
        : Line.of(Bars.progress(share, BAR))
            .add(String.format(Locale.ROOT, " %3.0f %%  ", 100 * Math.min(1, share)))
            .add(figures);
  }

  private static String records(long count) {
    return String.format(Locale.ROOT, count == 1 ? "%,d record" : "%,d records", count);
  }

  private double rate() {
    return acknowledged / Math.max(1e-3, seconds());
  }

  private double seconds() {
    return took.toNanos() / 1e9;
  }
}
