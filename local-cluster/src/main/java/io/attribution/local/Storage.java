package io.attribution.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a broker stores its logs, and whether they outlive it. */
public interface Storage {

  /**
   * Makes the directory ready for use.
   *
   * @throws IOException where it cannot be created
   */
  Path open() throws IOException;

  /**
   * Called when the directory is no longer in use.
   *
   * @throws IOException where it cannot be deleted
   */
  void release(Path directory) throws IOException;

  /** A new folder in the system's temporary directory, deleted on release. */
  record Temporary() implements Storage {
    @Override
    public Path open() throws IOException {
      return Files.createTempDirectory("attribution-");
    }

    @Override
    public void release(Path directory) throws IOException {
      for (Path path : deepestFirst(directory)) {
        Files.deleteIfExists(path);
      }
    }

    private static List<Path> deepestFirst(Path directory) throws IOException {
      try (Stream<Path> paths = Files.walk(directory)) {
        return paths.sorted(Comparator.reverseOrder()).toList();
      }
    }
  }

  /** A folder of the caller's, created where absent and never deleted. */
  record Kept(Path directory) implements Storage {
    @Override
    public Path open() throws IOException {
      return Files.createDirectories(directory);
    }

    @Override
    public void release(Path unused) {}
  }
}
