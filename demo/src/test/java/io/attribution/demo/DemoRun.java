package io.attribution.demo;

import io.attribution.stream.cli.AttributionCommand;
import io.attribution.stream.cli.CommandRun;
import io.attribution.stream.cli.StandardStreams;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** The command {@code demo} in this process. */
final class DemoRun {
  private DemoRun() {}

  /**
   * @param args what follows {@code ./attribution}
   */
  static CommandRun of(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    StandardStreams streams =
        new StandardStreams(InputStream.nullInputStream(), out, new PrintWriter(err, true));
    int exit = AttributionCommand.execute(DemoCommand::new, streams, args);
    return new CommandRun(exit, out.toString(StandardCharsets.UTF_8), err.toString());
  }
}
