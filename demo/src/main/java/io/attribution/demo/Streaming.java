package io.attribution.demo;

import io.attribution.stream.terminal.StopSignal;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Reads what comes out while records go in, and shows it, until all came out or somebody stops. */
final class Streaming {
  private static final Duration POLL = Duration.ofMillis(50);

  /** Longer than the application takes to get over a fault that passes. */
  private static final long TIMEOUT_NANOS = Duration.ofSeconds(60).toNanos();

  private final Feed feed;
  private final TopicReader reader;
  private final Scoreboard board;
  private final TrafficMeter meter;
  private final LongSupplier nanoClock;
  private long lastProgress;
  private long lastOutcomes;

  Streaming(
      Feed feed, TopicReader reader, Scoreboard board, TrafficMeter meter, LongSupplier nanoClock) {
    this.feed = feed;
    this.reader = reader;
    this.board = board;
    this.meter = meter;
    this.nanoClock = nanoClock;
  }

  /**
   * @return how long it took from the first record to the last outcome
   * @throws io.attribution.stream.produce.ProduceException when a record cannot be sent
   */
  Duration run(Display display, StopSignal stop) {
    long start = nanoClock.getAsLong();
    lastProgress = start;
    feed.start();
    do {
      reader.poll(POLL, board);
      noteProgress();
      display.update(board, meter.observe(feed.sent(), board.explainedCount()));
    } while (!stop.isRaised() && !isComplete() && !isStuck());
    return Duration.ofNanos(lastProgress - start);
  }

  private void noteProgress() {
    if (board.outcomes() > lastOutcomes || feed.sent() <= board.outcomes()) {
      lastOutcomes = board.outcomes();
      lastProgress = nanoClock.getAsLong();
    }
  }

  private boolean isComplete() {
    return feed.isFinished() && board.outcomes() >= feed.sent();
  }

  private boolean isStuck() {
    return nanoClock.getAsLong() - lastProgress > TIMEOUT_NANOS;
  }
}
