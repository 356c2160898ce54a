package io.attribution.stream;

import io.attribution.stream.cli.AttributionCommand;
import io.attribution.stream.cli.StandardStreams;

/** Arguments in, exit code out. */
public final class Main {
  private Main() {}

  /** See {@code attribution --help}. */
  public static void main(String[] args) {
    System.exit(AttributionCommand.execute(StandardStreams.ofProcess(), args));
  }
}
