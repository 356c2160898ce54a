package io.attribution.demo;

import java.util.Optional;
import java.util.OptionalLong;

/** Which of the records are bad: a few, of every kind in turn, evenly spread. */
final class FeedPlan {
  private static final long SPACING = 200;

  private final OptionalLong records;
  private final long spacing;

  /**
   * @param records how many there are; absent for as many as there is time for
   */
  FeedPlan(OptionalLong records) {
    this.records = records;
    this.spacing =
        Math.max(
            2, Math.min(SPACING, records.orElse(Long.MAX_VALUE) / (Fault.values().length + 1)));
  }

  boolean has(long record) {
    return record < records.orElse(Long.MAX_VALUE);
  }

  /** What is wrong with a record, counted from 0; nothing with most. */
  Optional<Fault> fault(long record) {
    if (record % spacing != spacing - 1) {
      return Optional.empty();
    }
    Fault[] faults = Fault.values();
    return Optional.of(faults[(int) (record / spacing % faults.length)]);
  }

  /** How many of the first so many records are bad. */
  long faults(long sent) {
    return sent / spacing;
  }
}
