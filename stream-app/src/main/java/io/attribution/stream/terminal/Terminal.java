package io.attribution.stream.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * What the process is attached to. Java knows neither which streams are terminals nor how large one
 * is (System.console() means something else in every release), so POSIX tools find out.
 */
public final class Terminal {
  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;
  private static final long TIMEOUT_MS = 1000;

  private Terminal() {}

  /** Columns and rows. */
  public record Size(int columns, int rows) {
    /** Assumed where the size is unknown. */
    public static final Size USUAL = new Size(80, 24);
  }

  public static boolean isOutput() {
    return isTerminal(STANDARD_OUTPUT);
  }

  public static boolean isError() {
    return isTerminal(STANDARD_ERROR);
  }

  /** Whether escape codes are understood; see also no-color.org. */
  public static boolean movesCursor() {
    return !"dumb".equals(System.getenv("TERM"));
  }

  /** Whether colours are wanted; see no-color.org. */
  public static boolean showsColours() {
    String noColour = System.getenv("NO_COLOR");
    return movesCursor() && (noColour == null || noColour.isEmpty());
  }

  private static boolean isTerminal(int descriptor) {
    try {
      Process test = new ProcessBuilder("sh", "-c", "test -t " + descriptor).inheritIO().start();
      return test.waitFor(TIMEOUT_MS, TimeUnit.MILLISECONDS) && test.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The size of the terminal that controls this process, as it is now. */
  public static Size size() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return parse(answer);
    } catch (IOException e) {
      return Size.USUAL;
    }
  }

  /** "24 80"; some terminals say "0 0" for unknown. */
  static Size parse(String answer) {
    String[] words = answer.strip().split(" ", -1);
    try {
      int rows = Integer.parseInt(words[0]);
      int columns = Integer.parseInt(words[words.length - 1]);
      return rows > 0 && columns > 0 ? new Size(columns, rows) : Size.USUAL;
    } catch (NumberFormatException e) {
      return Size.USUAL;
    }
  }
}
