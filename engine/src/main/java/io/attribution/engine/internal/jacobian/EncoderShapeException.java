package io.attribution.engine.internal.jacobian;

/** An encoder whose output is not one row of numbers for each row of its input. */
public final class EncoderShapeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EncoderShapeException(String message) {
    super(message);
  }
}
