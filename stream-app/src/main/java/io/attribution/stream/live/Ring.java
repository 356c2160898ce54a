package io.attribution.stream.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The newest values of a stream, numbered from 0 as they come. Bounded by count and by weight; safe
 * for use by several threads.
 *
 * @param <T> immutable values
 */
public final class Ring<T> {
  private final int capacity;
  private final long maxWeight;
  private final Deque<Entry<T>> entries = new ArrayDeque<>();
  private long weight;
  private long next;

  private record Entry<T>(T value, long weight) {}

  /** What came after a number, and the number to ask with next. */
  public record News<T>(List<T> values, long next) {}

  /**
   * @param capacity values that are kept at most
   * @param maxWeight weight that they have together at most; the newest one is kept in any case
   */
  public Ring(int capacity, long maxWeight) {
    this.capacity = capacity;
    this.maxWeight = maxWeight;
  }

  public Ring(int capacity) {
    this(capacity, Long.MAX_VALUE);
  }

  public void add(T value) {
    add(value, 0);
  }

  /** Adds a value, and forgets the oldest ones that have no room any more. */
  public synchronized void add(T value, long valueWeight) {
    entries.addLast(new Entry<>(value, valueWeight));
    weight += valueWeight;
    next++;
    while (entries.size() > capacity || (weight > maxWeight && entries.size() > 1)) {
      weight -= entries.removeFirst().weight();
    }
  }

  /** All values, oldest first. */
  public synchronized List<T> all() {
    return entries.stream().map(Entry::value).toList();
  }

  /** At most so many of the newest values, oldest first. */
  public synchronized List<T> newest(int limit) {
    return entries.stream().skip(Math.max(0, entries.size() - limit)).map(Entry::value).toList();
  }

  /** At most so many of the newest values, newest first. */
  public synchronized List<T> newestFirst(int limit) {
    List<T> values = new ArrayList<>(Math.min(limit, entries.size()));
    var descending = entries.descendingIterator();
    while (values.size() < limit && descending.hasNext()) {
      values.add(descending.next().value());
    }
    return values;
  }

  /** The number that the next value will have. */
  public synchronized long next() {
    return next;
  }

  /**
   * The values from a number on, oldest first; those that are forgotten already are left out.
   *
   * @param from a number that {@link #next} or an earlier answer gave
   */
  public synchronized News<T> since(long from) {
    int fresh = (int) Math.max(0, Math.min(next - from, entries.size()));
    return new News<>(newest(fresh), next);
  }
}
