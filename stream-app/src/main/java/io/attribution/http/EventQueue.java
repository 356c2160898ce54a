package io.attribution.http;

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
  private final Deque<byte[]> events = new ArrayDeque<>();
  private long dropped;
  private boolean closed;

  EventQueue(int capacity) {
    this.capacity = capacity;
  }

  synchronized void add(byte[] event) {
    if (closed) {
      return;
    }
    if (events.size() == capacity) {
      events.removeFirst();
      dropped++;
    }
    events.addLast(event);
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
    return closed ? null : events.pollFirst();
  }

  /** How many events a slow client missed. */
  synchronized long dropped() {
    return dropped;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
    events.clear();
    notifyAll();
  }
}
