package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.TestFiles;
import io.attribution.engine.diagnosis.Cause;
import io.attribution.engine.matrix.FloatMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
    return TestFiles.folder("diagnosis");
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
    try (Stream<String> lines = Files.lines(directory().resolve("rows.csv"))) {
      return FloatMatrix.of(lines.skip(1).map(InjectedFault::row).toArray(float[][]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] row(String line) {
    String[] cells = line.split(",", -1);
    float[] row = new float[cells.length];
    for (int k = 0; k < row.length; k++) {
      row[k] = Float.parseFloat(cells[k]);
    }
    return row;
  }

  @Override
  public String toString() {
    return name;
  }
}
