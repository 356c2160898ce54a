package io.attribution.stream.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bounded buffer of events for one client. When a slow client lets it overflow, the oldest
 * events are dropped. Safe for use by several threads.
 */
final class EventQueue {
  private final int capacity;
  private final long maxBytes;
  private final Deque<byte[]> events = new ArrayDeque<>();
  private long bytes;
  private long dropped;
  private long reported;
  private boolean closed;

  /**
   * @param capacity maximum number of events
   * @param maxBytes maximum size of all events together; the newest is kept in any case
   */
  EventQueue(int capacity, long maxBytes) {
    this.capacity = capacity;
    this.maxBytes = maxBytes;
  }

  synchronized void add(byte[] event) {
    if (closed) {
      return;
    }
    events.addLast(event);
    bytes += event.length;
    while (events.size() > capacity || (bytes > maxBytes && events.size() > 1)) {
      bytes -= events.removeFirst().length;
      dropped++;
    }
    notifyAll();
  }

  /** The next event; null on timeout, or when the queue is closed. */
  synchronized byte @Nullable [] poll(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (events.isEmpty() && !closed) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return null;
      }
      wait(left);
    }
    byte[] event = events.pollFirst();
    bytes -= event == null ? 0 : event.length;
    return event;
  }

  /** The number of dropped events. */
  synchronized long dropped() {
    return dropped;
  }

  /** True once after events were dropped, as soon as the client has received all others. */
  synchronized boolean hasCaughtUp() {
    boolean caughtUp = dropped > reported && events.isEmpty();
    reported = caughtUp ? dropped : reported;
    return caughtUp;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
    events.clear();
    bytes = 0;
    notifyAll();
  }
}
