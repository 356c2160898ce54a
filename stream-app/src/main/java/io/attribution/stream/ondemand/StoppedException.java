package io.attribution.stream.ondemand;

/** The application is stopping and explains nothing any more. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoppedException() {
    super("this instance stops; ask another one");
  }
}
