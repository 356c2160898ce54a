package io.attribution.stream.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The standard streams of a command; text is UTF-8 in every locale.
 *
 * @param in standard input
 * @param out results, and nothing but results
 * @param err messages for the user
 */
public record StandardStreams(InputStream in, OutputStream out, PrintWriter err) {

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

  /** Prints one line for the user. */
  public void say(String line) {
    err.println("attribution: " + line);
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
