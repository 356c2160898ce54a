package io.attribution.demo;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Dead letters by reason: how many, and the latest of each. */
final class Reasons {
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private long total;

  /** One reason. */
  record Entry(String reason, long count, long lastSeen, DeadLetter latest) {}

  void add(DeadLetter letter) {
    total++;
    entries.merge(
        letter.reason(),
        new Entry(letter.reason(), 1, total, letter),
        (old, now) -> new Entry(old.reason(), old.count() + 1, total, letter));
  }

  long total() {
    return total;
  }

  /** The reasons that were seen last, in an order that does not jump about. */
  List<Entry> latest(int limit) {
    List<Entry> latest =
        entries.values().stream()
            .sorted(Comparator.comparingLong(Entry::lastSeen).reversed())
            .limit(limit)
            .toList();
    return entries.values().stream().filter(latest::contains).toList();
  }
}
