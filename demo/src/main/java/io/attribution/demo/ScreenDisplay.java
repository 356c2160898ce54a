package io.attribution.demo;

import io.attribution.stream.terminal.Screen;
import io.attribution.stream.terminal.Terminal;
import io.attribution.stream.terminal.Terminal.Size;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The live view: five frames a second, and an explanation that stays long enough to be read. */
final class ScreenDisplay implements Display {
  private static final long FRAME_NANOS = Duration.ofMillis(200).toNanos();
  private static final long HOLD_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long RESIZE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Screen screen;
  private final LiveView view;
  private final LongSupplier nanoClock;
  private Size size = Terminal.size();
  private Optional<Explanation> shown = Optional.empty();
  private long nextFrame;
  private long nextExplanation;
  private long nextSize;

  ScreenDisplay(Screen screen, LiveView view, LongSupplier nanoClock) {
    this.screen = screen;
    this.view = view;
    this.nanoClock = nanoClock;
    long now = nanoClock.getAsLong();
    this.nextFrame = now;
    this.nextExplanation = now;
    this.nextSize = now + RESIZE_NANOS;
  }

  @Override
  public void update(Scoreboard board, Traffic traffic) {
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
    screen.draw(view.lines(board, traffic, shown, size));
  }

  @Override
  public void close() {
    screen.close();
  }
}
