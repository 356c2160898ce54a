package io.attribution.stream.serde;

import io.attribution.engine.attribution.Rejected;

/** The result of decoding the value of an input record. */
public sealed interface Decoded {
  /** A FeatureRecord. */
  record Row(FeatureRow row) implements Decoded {}

  /** Bytes that cannot be read, with the reason why. */
  record Unreadable(Rejected rejected) implements Decoded {}
}
