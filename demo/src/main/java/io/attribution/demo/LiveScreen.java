package io.attribution.demo;

import io.attribution.schema.ProjectedContribution;
import io.attribution.stream.terminal.Screen;
import io.attribution.stream.terminal.Terminal;
import io.attribution.stream.terminal.Terminal.Size;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** For terminals: five frames a second, and an explanation that stays long enough to be read. */
final class LiveScreen implements Streaming.Display {
  private static final long FRAME_NANOS = Duration.ofMillis(200).toNanos();
  private static final long HOLD_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long RESIZE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Screen screen;
  private final ScreenLayout layout;
  private final LongSupplier nanoClock;
  private Size size = Terminal.size();
  private Optional<ProjectedContribution> shown = Optional.empty();
  private long nextFrame;
  private long nextExplanation;
  private long nextSize;

  LiveScreen(Screen screen, ScreenLayout layout, LongSupplier nanoClock) {
    this.screen = screen;
    this.layout = layout;
    this.nanoClock = nanoClock;
    long now = nanoClock.getAsLong();
    this.nextFrame = now;
    this.nextExplanation = now;
    this.nextSize = now + RESIZE_NANOS;
  }

  @Override
  public void update(Scoreboard board, Streaming.Traffic traffic) {
    long now = nanoClock.getAsLong();
    if (now - nextFrame < 0) {
      return;
    }
    nextFrame = now + FRAME_NANOS;
    if (now - nextSize >= 0) {
      nextSize = now + RESIZE_NANOS;
      size = Terminal.size();
    }
    if (shown.isEmpty() || now - nextExplanation >= 0) {
      nextExplanation = now + HOLD_NANOS;
      shown = board.latest();
    }
    screen.draw(layout.lines(board, traffic, shown, size));
  }

  @Override
  public void close() {
    screen.close();
  }
}
