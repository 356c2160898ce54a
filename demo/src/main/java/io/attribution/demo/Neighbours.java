package io.attribution.demo;

import io.attribution.drift.Origin;
import java.util.ArrayList;
import java.util.List;

/** Whether the records next to a bad one on its partition were explained all the same. */
final class Neighbours {
  private final PositionSet explained = new PositionSet();
  private final List<Origin> bad = new ArrayList<>();

  void explained(Origin source) {
    explained.add(source);
  }

  void bad(Origin source) {
    bad.add(source);
  }

  /** How many records directly before or after a bad one are explained. */
  long explainedCount() {
    return bad.stream()
        .mapToLong(
            source ->
                isExplained(source, source.offset() - 1) + isExplained(source, source.offset() + 1))
        .sum();
  }

  private long isExplained(Origin source, long offset) {
    return explained.contains(source.partition(), offset) ? 1 : 0;
  }
}
