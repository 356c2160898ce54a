package io.attribution.stream.serde;

import io.attribution.engine.attribution.Rejected;

/** What the value of an input record turned out to be. */
public sealed interface Decoded {
  /** A FeatureRecord. */
  record Row(FeatureRow row) implements Decoded {}

  /** Bytes that cannot be read, with the reason why. */
  record Unreadable(Rejected rejected) implements Decoded {}
}
