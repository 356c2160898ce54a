package io.attribution.demo;

import io.attribution.stream.cli.AttributionCommand;
import io.attribution.stream.cli.StandardStreams;

/** Arguments in, exit code out: the application's commands and the demonstration. */
public final class Main {
  private Main() {}

  /** See {@code attribution demo --help}. */
  public static void main(String[] args) {
    System.exit(AttributionCommand.execute(DemoCommand::new, StandardStreams.ofProcess(), args));
  }
}
