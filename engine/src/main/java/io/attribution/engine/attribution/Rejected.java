package io.attribution.engine.attribution;

/**
 * One row that cannot be explained: a retry fails in the same way.
 *
 * @param reason the kind of fault
 * @param detail one line of text: what is wrong, and what was expected
 */
public record Rejected(Reason reason, String detail) implements Outcome {

  /** The kinds of fault; the labels are part of the dead-letter contract. */
  public enum Reason {
    TOMBSTONE("tombstone"),
    TOO_LARGE("too_large"),
    REFUSED_BY_TOPIC("refused_by_topic"),
    UNDECODABLE("undecodable"),
    UNKNOWN_SCHEMA("unknown_schema"),
    INCOMPATIBLE_SCHEMA("incompatible_schema"),
    UNKNOWN_MODEL("unknown_model"),
    WRONG_LENGTH("wrong_length"),
    NOT_FINITE("not_finite"),
    RESULT_NOT_FINITE("result_not_finite"),
    ENCODER_FAILED("encoder_failed");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
