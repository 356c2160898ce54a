package io.attribution.cluster.check;

/** What can be wrong with what a topic holds. */
public enum Violation {
  /** A record without its output, or without its dead letter. */
  LOST("lost"),
  /** A record with two outputs on one topic. */
  DOUBLED("doubled"),
  /** An output behind a later record of the same input partition. */
  OUT_OF_ORDER("out of order"),
  /** Another key, header, timestamp, recordId, value or reason, or another row's explanation. */
  ALTERED("altered"),
  /** A good record among the dead letters, or a bad one explained. */
  WRONG_FATE("wrong fate"),
  /** An output that names no record of the input. */
  UNKNOWN("unknown source"),
  /** Rows that verification counts too many or too few. */
  MISCOUNTED("miscounted");

  private final String label;

  Violation(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
