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
 * Where a command reads and writes; text is UTF-8 whatever the locale says.
 *
 * @param in standard input
 * @param out results, and nothing but results
 * @param err what a person should know
 */
public record StandardStreams(InputStream in, OutputStream out, PrintWriter err) {

  /** System.out would hide write errors and follow the locale. */
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

  /** One line for a person. */
  public void say(String line) {
    err.println("attribution: " + line);
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
