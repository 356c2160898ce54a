package io.attribution.demo;

import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;

/** What stands on the topics, record by record. */
interface OutputListener {
  /** A record of the input topic. */
  default void input(Origin position) {}

  /**
   * A record of the projected topic.
   *
   * @param timestamp the input's, in milliseconds
   */
  void explained(Explanation explanation, long timestamp);

  /** A record of the reduced topic. */
  void reduced();

  /**
   * A record of the verification topic.
   *
   * @param worstRelativeError the largest of a record of its own
   */
  void verified(VerificationSummary summary, double worstRelativeError);

  /** A record of the alerts topic. */
  default void alert(AlertSeen alert) {}

  /** A record of the dead-letter topic. */
  void deadLetter(DeadLetter letter);
}
