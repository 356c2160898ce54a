package io.attribution.stream.cli;

import io.attribution.stream.logging.LogOutput;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The standard streams of a command; text is UTF-8 in every locale.
 *
 * @param in standard input
 * @param out results, and nothing but results
 * @param err messages for the user
 */
public record StandardStreams(InputStream in, OutputStream out, PrintWriter err) {
  private static final Logger LOG = LoggerFactory.getLogger(LogOutput.COMMAND);

  /** Not System.out, which hides write errors and follows the locale. */
  public static StandardStreams ofProcess() {
    return new StandardStreams(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        writer(new FileOutputStream(FileDescriptor.err)));
  }

  /** Results as text. */
  PrintWriter text() {
    return writer(out);
  }

  /** Prints one line for the user; where the log is JSON, as a line of the log. */
  public void say(String line) {
    if (LogOutput.isJson()) {
      LOG.info(line);
    } else {
      err.println("attribution: " + line);
    }
  }

  /** Says why a command failed; shows the stack trace, too, where one is given. */
  void fail(String line, Optional<String> trace) {
    LogOutput.end();
    if (LogOutput.isJson()) {
      LOG.error("{}{}", line, trace.map("\n"::concat).orElse(""));
    } else {
      err.println("attribution: " + line);
      trace.ifPresent(err::print);
      err.flush();
    }
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
