package io.attribution.demo;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Turns counts into rates. */
final class TrafficMeter {
  private final OptionalLong planned;
  private final LongSupplier nanoClock;
  private final RateWindow sent = new RateWindow(Scoreboard.WINDOW);
  private final RateWindow explained = new RateWindow(Scoreboard.WINDOW);

  TrafficMeter(OptionalLong planned, LongSupplier nanoClock) {
    this.planned = planned;
    this.nanoClock = nanoClock;
  }

  Traffic observe(long sentNow, long explainedNow) {
    long now = nanoClock.getAsLong();
    return new Traffic(
        sentNow, planned, sent.observe(now, sentNow), explained.observe(now, explainedNow));
  }
}
