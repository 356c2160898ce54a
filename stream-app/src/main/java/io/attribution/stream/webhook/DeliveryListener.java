package io.attribution.stream.webhook;

/** Hears what becomes of alerts that are to be delivered; from one thread. */
public interface DeliveryListener {
  /** Does not listen. */
  DeliveryListener NONE = new DeliveryListener() {};

  /** How a delivery ends. */
  enum Outcome {
    DELIVERED,
    REFUSED,
    GIVEN_UP
  }

  /** A try failed and there will be another. */
  default void retried() {}

  /** An alert is done with. */
  default void finished(Outcome outcome) {}
}
