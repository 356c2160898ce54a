package io.attribution.stream.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A command that ran in this process.
 *
 * @param exit its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record CommandRun(int exit, String out, String err) {

  public static CommandRun of(Object... args) {
    return withInput("", args);
  }

  static CommandRun withInput(String input, Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    StandardStreams streams =
        new StandardStreams(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            out,
            new PrintWriter(err, true));
    String[] words = List.of(args).stream().map(Object::toString).toArray(String[]::new);
    int exit = AttributionCommand.execute(streams, words);
    return new CommandRun(exit, out.toString(StandardCharsets.UTF_8), err.toString());
  }

  /** A command sets the levels of its process, which is that of the other tests as well. */
  static void restoreLog() {
    level(Logger.ROOT_LOGGER_NAME, Level.WARN);
    for (String name : List.of("io.attribution", "org.apache.kafka", "io.confluent")) {
      level(name, null);
    }
  }

  private static void level(String name, @Nullable Level level) {
    ((Logger) LoggerFactory.getLogger(name)).setLevel(level);
  }
}
