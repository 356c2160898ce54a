package io.attribution.stream.explain;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A result file that appears under its name only when it is complete: written to a hidden draft in
 * the same folder, then moved. Standard output and devices are written directly.
 */
public final class OutputFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path name;
  private final Path target;
  private final Optional<Path> draft;
  private final OutputStream stream;

  private OutputFile(Path name, Path target, Optional<Path> draft, OutputStream stream) {
    this.name = name;
    this.target = target;
    this.draft = draft;
    this.stream = new BufferedOutputStream(stream, BUFFER_BYTES);
  }

  /** Writes directly, without a draft. */
  public static OutputFile direct(String name, OutputStream stream) {
    Path path = Path.of(name);
    return new OutputFile(path, path, Optional.empty(), stream);
  }

  /**
   * @throws OutputException when the file cannot be written
   */
  public static OutputFile create(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      return Files.exists(target) && !Files.isRegularFile(target)
          ? new OutputFile(file, target, Optional.empty(), Files.newOutputStream(target))
          : draft(file, target);
    } catch (IOException e) {
      throw new OutputException(file, e);
    }
  }

  private static OutputFile draft(Path name, Path target) throws IOException {
    Path draft =
        target.resolveSibling(
            "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
    // In case of Ctrl-C.
    draft.toFile().deleteOnExit();
    OutputStream stream =
        Files.newOutputStream(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new OutputFile(name, target, Optional.of(draft), stream);
  }

  public OutputStream stream() {
    return stream;
  }

  /** The exception for a failure to write to {@link #stream()}. */
  public OutputException failed(IOException e) {
    return new OutputException(name, e);
  }

  /** Flushes and closes the stream; a full disk may show only now. */
  public void finish() {
    try {
      stream.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Moves the finished draft to its name. */
  public void publish() {
    try {
      if (draft.isPresent()) {
        Files.move(
            draft.get(),
            target,
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Deletes the draft unless it was published. */
  @Override
  public void close() {
    try (stream) {
      if (draft.isPresent()) {
        Files.deleteIfExists(draft.get());
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
