package io.attribution.demo;

import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.stream.config.ConfigException;
import io.attribution.stream.csv.CsvColumns;
import io.attribution.stream.csv.FeatureCsv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A bundle with rows for it, and the rows' labels. */
final class Example {
  private static final String LABEL = "label";

  private final ModelBundle bundle;
  private final List<float[]> rows;
  private final List<String> labels;

  private Example(ModelBundle bundle, List<float[]> rows, List<String> labels) {
    this.bundle = bundle;
    this.rows = rows;
    this.labels = labels;
  }

  /**
   * Reads an example from the examples folder.
   *
   * @param injection which broken encoder to take instead of the example's own
   * @throws ConfigException when there is no such folder, no such example or no such encoder
   */
  static Example load(Path home, String name, Optional<Injection> injection) {
    Path examples = home.resolve("examples");
    Path directory = examples.resolve(name);
    if (!Files.isDirectory(directory.resolve("bundle"))) {
      throw new ConfigException(
          Files.isDirectory(examples)
              ? "there is no example '" + name + "'; choose one of " + names(examples)
              : "no folder 'examples' in "
                  + home.toAbsolutePath().normalize()
                  + "; start the demo from the repository's root");
    }
    ModelBundle bundle = BundleLoader.load(bundle(directory, injection));
    return new Example(
        bundle,
        rows(directory.resolve("data.csv"), bundle),
        labels(directory.resolve("labels.csv")));
  }

  private static Path bundle(Path example, Optional<Injection> injection) {
    if (injection.filter(Injection::isInTheModel).isEmpty()) {
      return example.resolve("bundle");
    }
    Path broken = example.resolve("faults").resolve(injection.get().label());
    if (!Files.isDirectory(broken)) {
      throw new ConfigException(
          "example '"
              + example.getFileName()
              + "' has no encoder broken by '"
              + injection.get().label()
              + "'; use --example digits");
    }
    return broken;
  }

  private static String names(Path examples) {
    try (Stream<Path> folders = Files.list(examples)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("bundle")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .collect(Collectors.joining(", "));
    } catch (IOException e) {
      return "none that can be read (" + e + ")";
    }
  }

  private static List<float[]> rows(Path file, ModelBundle bundle) {
    try (FeatureCsv csv = FeatureCsv.open(file, bundle.features())) {
      List<float[]> rows = new ArrayList<>();
      for (float[] row = csv.newRow(); csv.next(row); row = csv.newRow()) {
        rows.add(row);
      }
      return rows;
    }
  }

  private static List<String> labels(Path file) {
    if (Files.notExists(file)) {
      return List.of();
    }
    try (FeatureCsv csv = FeatureCsv.open(file, CsvColumns.inFileOrder().withText(LABEL))) {
      List<String> labels = new ArrayList<>();
      while (csv.next(csv.newRow())) {
        labels.add(csv.text(LABEL));
      }
      return labels;
    }
  }

  /** Standard deviations of the features, D. */
  double[] deviations() {
    double[] deviations = new double[bundle.featureCount()];
    for (int k = 0; k < deviations.length; k++) {
      int feature = k;
      double mean = rows.stream().mapToDouble(row -> row[feature]).average().orElse(0);
      deviations[k] =
          Math.sqrt(
              rows.stream()
                  .mapToDouble(row -> Math.pow(row[feature] - mean, 2))
                  .average()
                  .orElse(0));
    }
    return deviations;
  }

  ModelBundle bundle() {
    return bundle;
  }

  int size() {
    return rows.size();
  }

  /** D raw features; not copied. */
  float[] row(int index) {
    return rows.get(index);
  }

  /** The row's class, such as the digit that it shows. */
  Optional<String> label(int index) {
    return index < labels.size() ? Optional.of(labels.get(index)) : Optional.empty();
  }
}
