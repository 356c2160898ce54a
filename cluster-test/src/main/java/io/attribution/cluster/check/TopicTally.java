package io.attribution.cluster.check;

import io.attribution.cluster.check.Findings.Occurrences;
import io.attribution.drift.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one topic holds: a bit per input record. */
final class TopicTally {
  private static final int FIRST = 5;

  private final String topic;
  private final List<BitSet> seen = new ArrayList<>();
  private final Map<Integer, long[]> lastByOutputPartition = new HashMap<>();
  private final Map<Violation, Count> violations = new EnumMap<>(Violation.class);
  private final int partitions;
  private long delivered;
  private long distinct;

  /**
   * @param partitions of the input
   */
  TopicTally(String topic, int partitions) {
    this.topic = topic;
    this.partitions = partitions;
    for (int partition = 0; partition < partitions; partition++) {
      seen.add(new BitSet());
    }
  }

  void delivered() {
    delivered++;
  }

  /**
   * An output of this input record.
   *
   * @param partition of the output
   * @param ordered whether it has to stand behind those of earlier records
   */
  void add(Origin source, int partition, boolean ordered) {
    int offset = Math.toIntExact(source.offset());
    BitSet known = seen.get(source.partition());
    if (known.get(offset)) {
      violation(Violation.DOUBLED, source, "again at output partition " + partition);
      return;
    }
    known.set(offset);
    distinct++;
    if (ordered) {
      order(source, partition);
    }
  }

  private void order(Origin source, int partition) {
    long[] last = lastByOutputPartition.computeIfAbsent(partition, p -> unseen());
    long before = last[source.partition()];
    if (before > source.offset()) {
      violation(Violation.OUT_OF_ORDER, source, "behind offset " + before);
    }
    last[source.partition()] = Math.max(before, source.offset());
  }

  private long[] unseen() {
    long[] last = new long[partitions];
    Arrays.fill(last, -1);
    return last;
  }

  void violation(Violation violation, Origin source, String detail) {
    violation(violation, source.partition() + "@" + source.offset() + ": " + detail, 1);
  }

  void violation(Violation violation, String detail, long times) {
    violations.computeIfAbsent(violation, v -> new Count()).add(detail, times);
  }

  boolean has(int partition, int offset) {
    return seen.get(partition).get(offset);
  }

  /** Input records with an output here. */
  long distinct() {
    return distinct;
  }

  Findings.Topic findings(long expected) {
    Map<Violation, Occurrences> occurrences = new EnumMap<>(Violation.class);
    violations.forEach(
        (violation, count) ->
            occurrences.put(violation, new Occurrences(count.times, count.first)));
    return new Findings.Topic(topic, expected, delivered, occurrences);
  }

  /** A number and the first few. */
  private static final class Count {
    private final List<String> first = new ArrayList<>();
    private long times;

    void add(String detail, long more) {
      times += more;
      if (first.size() < FIRST) {
        first.add(detail);
      }
    }
  }
}
