package io.attribution.engine.library;

/** libtorch cannot be unpacked or loaded; the message states where, why, and what to set. */
public final class LibTorchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LibTorchException(String message) {
    super(message);
  }

  public LibTorchException(String message, Throwable cause) {
    super(message, cause);
  }
}
