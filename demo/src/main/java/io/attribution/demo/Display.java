package io.attribution.demo;

/** Shows a demonstration as it goes. */
interface Display extends AutoCloseable {
  /** Called often; shows something when it is time to. */
  void update(Scoreboard board, Traffic traffic);

  /** Shows no more; what was shown may be gone. */
  @Override
  void close();
}
