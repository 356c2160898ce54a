package io.attribution.stream.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one client. Bounded: where a client is too slow the oldest go, for a live
 * view wants the newest. Safe for use by several threads.
 */
final class EventQueue {
  private final int capacity;
  private final long maxBytes;
  private final Deque<byte[]> events = new ArrayDeque<>();
  private long bytes;
  private long dropped;
  private long told;
  private boolean closed;

  /**
   * @param capacity events that wait at most
   * @param maxBytes that they have together at most; the newest waits in any case
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

  /** The next event; null when there was none for so long, or when it is closed. */
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

  /** How many events a slow client missed. */
  synchronized long dropped() {
    return dropped;
  }

  /**
   * Whether the client missed events and has got all others by now; true once for what it missed.
   */
  synchronized boolean hasCaughtUp() {
    boolean caughtUp = dropped > told && events.isEmpty();
    told = caughtUp ? dropped : told;
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
