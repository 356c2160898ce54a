package io.attribution.stream.topology;

import io.attribution.drift.Alert;
import io.attribution.drift.Kind;
import io.attribution.drift.ModelKey;

/** Hears of alerts as they change, on the thread that changes them. */
public interface AlertListener {
  /** Nobody wants to know. */
  AlertListener NONE = alert -> {};

  /** An alert opened, got worse or was resolved; or is open where the watch over it moved here. */
  void changed(Alert alert);

  /** The watch over a model moved elsewhere, or ended with the application. */
  default void forget(ModelKey model, Kind kind) {}
}
