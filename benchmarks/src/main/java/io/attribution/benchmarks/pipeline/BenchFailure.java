package io.attribution.benchmarks.pipeline;

/** A run that measured nothing: outputs are missing or wrong, or a process did not work. */
final class BenchFailure extends IllegalStateException {
  private static final long serialVersionUID = 1;

  BenchFailure(String message) {
    super(message);
  }

  BenchFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
