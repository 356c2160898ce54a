package io.attribution.engine.bundle;

import org.jspecify.annotations.Nullable;

/**
 * A bundle that cannot be used. The message names the file, the key and what to do; it is one line,
 * whatever the bundle holds.
 */
public final class BundleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BundleException(String message) {
    this(message, null);
  }

  public BundleException(String message, @Nullable Throwable cause) {
    super(Printable.message(message), cause);
  }
}
