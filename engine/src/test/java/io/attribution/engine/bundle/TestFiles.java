package io.attribution.engine.bundle;

import java.nio.file.Path;

/** The files in this module's test resources, for the tests of every module. */
public final class TestFiles {
  /** Tests run in their module's folder; a folder in a jar could not be opened as a bundle. */
  private static final Path RESOURCES = Path.of("..", "engine", "src", "test", "resources");

  private TestFiles() {}

  public static Path folder(String name) {
    return RESOURCES.resolve(name);
  }
}
