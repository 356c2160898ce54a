package io.attribution.stream.topology;

import io.attribution.stream.serde.ModelIdentity;

/** A model's engine failed for rows that are not at fault. The rows stay pending. */
final class EngineFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EngineFailure(ModelIdentity model, int rows, RuntimeException cause) {
    super(
        "model "
            + model.name()
            + " "
            + model.version()
            + ": engine '"
            + model.engine()
            + "' failed for "
            + rows
            + " rows: "
            + cause.getMessage(),
        cause);
  }
}
