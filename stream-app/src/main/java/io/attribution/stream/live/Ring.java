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

  /** The values since a number, and the number to continue from. */
  public record News<T>(List<T> values, long next) {}

  /**
   * @param capacity maximum number of values
   * @param maxWeight maximum weight of all values together; the newest one is kept in any case
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

  /** Adds a value, and removes the oldest ones beyond the capacity. */
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

  /** The newest values, at most {@code limit}, oldest first. */
  public synchronized List<T> newest(int limit) {
    return entries.stream().skip(Math.max(0, entries.size() - limit)).map(Entry::value).toList();
  }

  /** The newest values, at most {@code limit}, newest first. */
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
   * The values from a number on, oldest first, without those that were removed.
   *
   * @param from a number that {@link #next} or {@link News#next} returned
   */
  public synchronized News<T> since(long from) {
    int fresh = (int) Math.max(0, Math.min(next - from, entries.size()));
    return new News<>(newest(fresh), next);
  }
}
