package io.attribution.stream.ondemand;

/** The queue is full; a later retry may succeed. */
public final class QueueFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueueFullException(int rows, int waiting, int capacity) {
    super(
        "%d rows do not fit: %d of %d places in the queue are taken; try again in a moment"
            .formatted(rows, waiting, capacity));
  }
}
