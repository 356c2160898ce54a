package io.attribution.stream.topology;

import io.attribution.drift.Alert;
import io.attribution.drift.Kind;
import io.attribution.drift.ModelKey;

/** Receives every change of an alert, on the stream thread that makes it. */
public interface AlertListener {
  /** Does nothing. */
  AlertListener NONE = alert -> {};

  /** An alert opened, got worse or was resolved, or an open one moved here with its task. */
  void changed(Alert alert);

  /** The task that watches a model moved to another instance, or the application stops. */
  default void forget(ModelKey model, Kind kind) {}
}
