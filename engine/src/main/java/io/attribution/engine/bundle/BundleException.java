package io.attribution.engine.bundle;

import org.jspecify.annotations.Nullable;

/** A bundle that cannot be used. The message names the file, the key and what to do. */
public final class BundleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BundleException(String message) {
    super(message);
  }

  public BundleException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
