package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.engine.BundleGenerator;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.stream.csv.FeatureCsv;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A model and the rows that are sent to it, over and over. */
final class TestModel {
  private static final int WIDE_ROWS = 1024;
  private static final long SEED = 7;

  private final ModelBundle bundle;
  private final List<float[]> rows;

  private TestModel(ModelBundle bundle, List<float[]> rows) {
    this.bundle = bundle;
    this.rows = List.copyOf(rows);
  }

  /** The models that the benchmark knows. */
  enum Kind {
    digits,
    wide
  }

  /**
   * @param home the repository
   * @param scratch where a synthetic bundle is written
   */
  static TestModel open(Kind kind, Path home, Path scratch) throws IOException {
    return kind == Kind.digits ? digits(home.resolve("examples/digits")) : wide(scratch);
  }

  private static TestModel digits(Path example) {
    ModelBundle bundle = BundleLoader.load(example.resolve("bundle"));
    List<float[]> rows = new ArrayList<>();
    try (FeatureCsv csv = FeatureCsv.open(example.resolve("data.csv"), bundle.features())) {
      float[] row = csv.newRow();
      while (csv.next(row)) {
        rows.add(row.clone());
      }
    }
    return new TestModel(bundle, rows);
  }

  private static TestModel wide(Path scratch) throws IOException {
    Path folder = scratch.resolve("wide");
    BundleGenerator.wide(folder);
    ModelBundle bundle = BundleLoader.load(folder);
    Random random = new Random(SEED);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < WIDE_ROWS; i++) {
      rows.add(normal(random, bundle.featureCount()));
    }
    return new TestModel(bundle, rows);
  }

  private static float[] normal(Random random, int size) {
    float[] row = new float[size];
    for (int k = 0; k < size; k++) {
      row[k] = (float) random.nextGaussian();
    }
    return row;
  }

  ModelBundle bundle() {
    return bundle;
  }

  /** Raw rows of D features each. */
  List<float[]> rows() {
    return rows;
  }
}
