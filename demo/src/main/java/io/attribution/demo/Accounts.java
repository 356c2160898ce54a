package io.attribution.demo;

import io.attribution.drift.Origin;
import java.util.ArrayList;
import java.util.List;

/** Every input record must come out exactly once: explained, or as a dead letter. */
final class Accounts {
  private final String inputTopic;
  private final PositionSet inputs = new PositionSet();
  private final PositionSet outcomes = new PositionSet();
  private final List<Origin> doubled = new ArrayList<>();
  private long projected;
  private long deadLetters;

  Accounts(String inputTopic) {
    this.inputTopic = inputTopic;
  }

  void input(Origin position) {
    inputs.add(position);
  }

  void projected(Origin source) {
    projected++;
    outcome(source);
  }

  void deadLetter(Origin source) {
    deadLetters++;
    outcome(source);
  }

  private void outcome(Origin source) {
    if (!outcomes.add(source)) {
      doubled.add(source);
    }
  }

  /**
   * Compares what went in with what came out.
   *
   * @param sent how many records were sent
   */
  Balance balance(long sent) {
    return new Balance(
        sent,
        inputs.size(),
        projected,
        deadLetters,
        inputs.stream(inputTopic).filter(input -> !outcomes.contains(input)).toList(),
        List.copyOf(doubled),
        outcomes.stream(inputTopic).filter(outcome -> !inputs.contains(outcome)).toList());
  }
}
