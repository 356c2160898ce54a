package io.attribution.stream.app;

import io.attribution.stream.config.KafkaFault;
import io.attribution.stream.registry.RegistryException;

/** The application stopped after a fault. Uncommitted records are read again at the next start. */
public final class ApplicationFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ApplicationFailure(Throwable cause) {
    super("stopped by a fault that retries did not fix: " + describe(cause), cause);
  }

  private static String describe(Throwable cause) {
    return cause instanceof RegistryException
        ? String.valueOf(cause.getMessage())
        : KafkaFault.describe(cause);
  }
}
