package io.attribution.stream.webhook;

/** Is notified of the outcomes of deliveries; from one thread. */
public interface DeliveryListener {
  /** Ignores all. */
  DeliveryListener NONE = new DeliveryListener() {};

  /** The outcome of a delivery. */
  enum Outcome {
    DELIVERED,
    REFUSED,
    GIVEN_UP
  }

  /** An attempt failed and will be retried. */
  default void retried() {}

  /** A delivery has ended. */
  default void finished(Outcome outcome) {}
}
