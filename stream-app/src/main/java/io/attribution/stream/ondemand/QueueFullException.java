package io.attribution.stream.ondemand;

/** More rows wait already than may; trying again a little later helps. */
public final class QueueFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueueFullException(int rows, int waiting, int capacity) {
    super(
        "%d rows do not fit: %d of %d places in the queue are taken; try again in a moment"
            .formatted(rows, waiting, capacity));
  }
}
