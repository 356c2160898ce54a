package io.attribution.stream.serde;

/** Bytes that are not the Avro record they claim to be. */
final class MalformedAvroException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedAvroException(String message) {
    // No stack trace: it is a value on its way to a dead letter, and there may be many.
    super(message, null, false, false);
  }
}
