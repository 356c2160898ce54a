package io.attribution.stream.broker;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.stream.csv.FeatureCsv;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The examples of this repository: a real encoder and real data each. */
enum Example {
  DIGITS,
  WDBC;

  private static final Path EXAMPLES = Path.of("..", "examples");

  /** As records name it. */
  String model() {
    return name().toLowerCase(Locale.ROOT);
  }

  Path bundle() {
    return EXAMPLES.resolve(model()).resolve("bundle");
  }

  ModelBundle load() {
    return BundleLoader.load(bundle());
  }

  /** Some rows of the data set, from its beginning to its end. */
  List<float[]> rows(int count) {
    List<float[]> all = allRows();
    List<float[]> some = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      some.add(all.get((int) ((long) i * all.size() / count)));
    }
    return some;
  }

  private List<float[]> allRows() {
    ModelBundle bundle = load();
    List<float[]> rows = new ArrayList<>();
    try (FeatureCsv csv =
        FeatureCsv.open(EXAMPLES.resolve(model()).resolve("data.csv"), bundle.features())) {
      for (float[] row = new float[bundle.featureCount()];
          csv.next(row);
          row = new float[bundle.featureCount()]) {
        rows.add(row);
      }
    }
    return rows;
  }

  /**
   * What rows are explained as by the engine that the stream does not choose for this bundle.
   *
   * @return z, C and R by l2
   */
  Attributions explainByAutograd(List<float[]> rows) {
    ResultSelection all = ResultSelection.all(new Reduction.L2());
    try (AdmittedModel model = AdmissionCheck.admit(load(), EngineKind.AUTOGRAD);
        Attributor attributor = model.attributor(all)) {
      return attributor.attribute(FloatMatrix.of(rows.toArray(float[][]::new)));
    }
  }

  /** As {@code bundles} in a configuration. */
  static String bundles() {
    return DIGITS.bundle() + "," + WDBC.bundle();
  }
}
