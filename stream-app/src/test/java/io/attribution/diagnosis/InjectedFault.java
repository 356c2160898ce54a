package io.attribution.diagnosis;

import io.attribution.batch.FloatMatrix;
import io.attribution.bundle.BundleLoader;
import io.attribution.bundle.ModelBundle;
import io.attribution.csv.FeatureCsv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A bundle that tools/faulty_encoders.py wrote: {@code <expected cause>-<variant>}. */
record InjectedFault(String name) {

  static Stream<InjectedFault> all() {
    try (Stream<Path> folders = Files.list(root())) {
      return folders
          .map(f -> new InjectedFault(f.getFileName().toString()))
          .sorted(java.util.Comparator.comparing(InjectedFault::name))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    try {
      return Path.of(InjectedFault.class.getResource("/diagnosis").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Empty for healthy bundles, and for faults that no single name fits. */
  Optional<Cause> expected() {
    String label = name.substring(0, name.indexOf('-'));
    return Arrays.stream(Cause.values()).filter(cause -> cause.label().equals(label)).findFirst();
  }

  boolean isHealthy() {
    return name.startsWith("none-");
  }

  Path directory() {
    return root().resolve(name);
  }

  ModelBundle bundle() {
    return BundleLoader.load(directory());
  }

  /** Raw rows as a stream would bring them. */
  FloatMatrix rows() {
    List<float[]> rows = new ArrayList<>();
    try (FeatureCsv csv = FeatureCsv.open(directory().resolve("rows.csv"), bundle().features())) {
      for (float[] row = csv.newRow(); csv.next(row); row = csv.newRow()) {
        rows.add(row);
      }
    }
    return FloatMatrix.of(rows.toArray(float[][]::new));
  }

  @Override
  public String toString() {
    return name;
  }
}
