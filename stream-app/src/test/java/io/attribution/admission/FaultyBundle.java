package io.attribution.admission;

import io.attribution.bundle.BundleLoader;
import io.attribution.bundle.ModelBundle;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The bundles that tools/golden/faulty.py wrote. */
public final class FaultyBundle {
  private FaultyBundle() {}

  public static Path directory(String name) {
    try {
      return Path.of(FaultyBundle.class.getResource("/faulty/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static ModelBundle named(String name) {
    return BundleLoader.load(directory(name));
  }
}
