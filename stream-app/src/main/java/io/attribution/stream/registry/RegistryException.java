package io.attribution.stream.registry;

/** The Schema Registry cannot be reached, or refuses. Never the fault of a record. */
public final class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final boolean retriable;

  public RegistryException(String message, Throwable cause, boolean retriable) {
    super(message, cause);
    this.retriable = retriable;
  }

  /** Whether the same call may work later: not so for a refused login or an incompatible schema. */
  public boolean isRetriable() {
    return retriable;
  }
}
