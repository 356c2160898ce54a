package io.attribution.demo;

import io.attribution.drift.Origin;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Positions in one topic: a bit each, so that hours of records fit in memory. */
final class PositionSet {
  private final Map<Integer, BitSet> partitions = new TreeMap<>();

  /**
   * Adds a position.
   *
   * @return false when it was there already
   */
  boolean add(Origin position) {
    BitSet offsets = partitions.computeIfAbsent(position.partition(), p -> new BitSet());
    int offset = Math.toIntExact(position.offset());
    boolean added = !offsets.get(offset);
    offsets.set(offset);
    return added;
  }

  boolean contains(int partition, long offset) {
    BitSet offsets = partitions.get(partition);
    return offsets != null && offset >= 0 && offsets.get(Math.toIntExact(offset));
  }

  boolean contains(Origin position) {
    return contains(position.partition(), position.offset());
  }

  long size() {
    return partitions.values().stream().mapToLong(BitSet::cardinality).sum();
  }

  /** All positions by partition and offset. */
  Stream<Origin> stream(String topic) {
    return partitions.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .mapToObj(offset -> new Origin(topic, entry.getKey(), offset)));
  }
}
