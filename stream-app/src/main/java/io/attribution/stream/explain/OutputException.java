package io.attribution.stream.explain;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A result that cannot be written. The message names the file and the reason. */
public final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputException(Path file, IOException cause) {
    super(file + ": cannot be written: " + reason(cause), cause);
  }

  /** The file system's exceptions put nothing but the path in their message. */
  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "its folder does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }
}
