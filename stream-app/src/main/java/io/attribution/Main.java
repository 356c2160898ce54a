package io.attribution;

import io.attribution.cli.AttributionCommand;
import io.attribution.cli.StandardStreams;

/** Arguments in, exit code out. */
public final class Main {
  private Main() {}

  /** See {@code attribution --help}. */
  public static void main(String[] args) {
    System.exit(AttributionCommand.execute(StandardStreams.ofProcess(), args));
  }
}
