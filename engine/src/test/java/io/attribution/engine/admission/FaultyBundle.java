package io.attribution.engine.admission;

import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.TestFiles;
import java.nio.file.Path;

/** The bundles that tools/golden/faulty.py wrote. */
public final class FaultyBundle {
  private FaultyBundle() {}

  public static Path directory(String name) {
    return TestFiles.folder("faulty").resolve(name);
  }

  static ModelBundle named(String name) {
    return BundleLoader.load(directory(name));
  }
}
