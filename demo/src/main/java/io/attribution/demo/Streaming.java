package io.attribution.demo;

import io.attribution.stream.monitoring.ThroughputWindow;
import io.attribution.stream.terminal.StopSignal;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Feeds records, reads what comes out, and shows it, until every record came out. */
final class Streaming {
  private static final Duration POLL = Duration.ofMillis(50);

  /** Longer than the application takes to recover from a transient fault. */
  private static final long TIMEOUT_NANOS = Duration.ofSeconds(60).toNanos();

  private static final long ALERT_TIMEOUT_NANOS = Duration.ofSeconds(20).toNanos();

  private final Feed feed;
  private final TopicReader reader;
  private final Scoreboard board;
  private final StopSignal stop;
  private final LongSupplier nanoClock;
  private final ThroughputWindow sent = new ThroughputWindow(Scoreboard.WINDOW);
  private final ThroughputWindow explained = new ThroughputWindow(Scoreboard.WINDOW);
  private long lastProgress;
  private long lastOutcomes;

  Streaming(
      Feed feed, TopicReader reader, Scoreboard board, StopSignal stop, LongSupplier nanoClock) {
    this.feed = feed;
    this.reader = reader;
    this.board = board;
    this.stop = stop;
    this.nanoClock = nanoClock;
  }

  /** Shows a demonstration while it runs. */
  interface Display extends AutoCloseable {
    /** Called often; shows something when it is due. */
    void update(Scoreboard board, Traffic traffic);

    @Override
    void close();
  }

  /**
   * What goes in and comes out at a moment.
   *
   * @param sent records on the input topic
   * @param planned how many there will be
   * @param sentPerSecond over the last seconds
   * @param explainedPerSecond over the last seconds
   */
  record Traffic(
      long sent, OptionalLong planned, double sentPerSecond, double explainedPerSecond) {}

  /**
   * Runs until every record came out, none came for a minute, or the stop signal; after an
   * injection, also until its alert came, or did not come within 20 seconds.
   *
   * @return the time from the first record to the last outcome
   * @throws io.attribution.stream.produce.ProduceException when a record cannot be sent
   */
  Duration run(Display display, DemoOptions options) {
    long start = nanoClock.getAsLong();
    lastProgress = start;
    feed.start();
    do {
      step(display, options);
      noteProgress();
    } while (!stop.isRaised() && !isComplete() && !isStuck());
    Duration took = Duration.ofNanos(lastProgress - start);
    long deadline = nanoClock.getAsLong() + ALERT_TIMEOUT_NANOS;
    while (lacksAlert(options) && nanoClock.getAsLong() < deadline && !stop.isRaised()) {
      step(display, options);
    }
    return took;
  }

  private void step(Display display, DemoOptions options) {
    reader.poll(POLL, board);
    display.update(board, traffic(options.records()));
  }

  /** An alert is committed after the explanations that it is about. */
  private boolean lacksAlert(DemoOptions options) {
    return options
        .inject()
        .filter(injection -> board.alerts().stream().noneMatch(injection::explains))
        .isPresent();
  }

  private Traffic traffic(OptionalLong planned) {
    long now = nanoClock.getAsLong();
    long sentNow = feed.sent();
    sent.observe(now, sentNow);
    explained.observe(now, board.projected());
    return new Traffic(sentNow, planned, sent.perSecond(), explained.perSecond());
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
