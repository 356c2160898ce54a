package io.attribution.stream.csv;

import io.attribution.engine.bundle.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Input that cannot be used. The message names the file, the line and the column; it is one line,
 * whatever the file holds.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    this(message, null);
  }

  public InputException(String message, @Nullable Throwable cause) {
    super(Printable.message(message), cause);
  }

  /**
   * @param file the file's name as the user gave it
   * @param line counted from 1, the header's line
   */
  public static InputException at(String file, long line, String problem) {
    return new InputException(file + ": line " + line + ": " + problem);
  }
}
