package io.attribution.stream.app;

/** The application stopped after a fault. Uncommitted records are read again at the next start. */
public final class ApplicationFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ApplicationFailure(Throwable cause) {
    super("stopped by a fault that retries did not fix: " + describe(cause), cause);
  }

  private static String describe(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }
}
