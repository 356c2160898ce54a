package io.attribution.local;

import java.nio.file.Path;

/** A folder that records whether it was released. */
final class ObservedStorage implements Storage {
  private final Path directory;
  private boolean released;

  ObservedStorage(Path directory) {
    this.directory = directory;
  }

  @Override
  public Path open() {
    return directory;
  }

  @Override
  public void release(Path unused) {
    released = true;
  }

  boolean isReleased() {
    return released;
  }
}
