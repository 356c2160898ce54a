package io.attribution.benchmarks.engine;

import io.attribution.benchmarks.engine.EngineUnderTest.Answer;
import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.ResultMemory;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.method.MethodChoice;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.Precision;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A bundle with a method, admitted as the application does it. n rows, D raw features, O outputs.
 */
final class MethodUnderTest implements AutoCloseable {
  private final AdmittedModel model;
  private final Attributor attributor;
  private final ResultMemory results;

  /**
   * @param method AUTO for the first that adds up
   * @throws io.attribution.engine.bundle.BundleException when the encoder cannot have this method
   */
  MethodUnderTest(ModelBundle bundle, ContributionMethod method, DeviceChoice device) {
    EngineChoice choice =
        new EngineChoice(EngineKind.AUTO, Precision.FLOAT32, device, MethodChoice.of(method));
    this.model = AdmissionCheck.admit(bundle, choice);
    // Contributions alone, as the peers.
    this.attributor = model.attributor(new ResultSelection(true, Optional.empty()));
    this.results = attributor.newMemory();
  }

  ContributionMethod method() {
    return model.report().method();
  }

  /** The method and the engine, such as {@code affine, layers}. */
  String label() {
    return method().label() + ", " + model.report().engine().label();
  }

  /**
   * z, its base and C in Java memory, which the next call uses again, in batches as large as the
   * stream's may be.
   *
   * @param features x, (n, D)
   */
  Attributions attribute(FloatMatrix features) {
    Attributions filled = results.of(features.rows());
    int size = attributor.maxRows();
    for (int from = 0; from < features.rows(); from += size) {
      int to = Math.min(features.rows(), from + size);
      attributor.attribute(features.slice(from, to), filled.slice(from, to));
    }
    return filled;
  }

  /** What contributions have to add up to, z less its base (n, O), and C, (n, O·D). */
  static Answer answer(Attributions filled) {
    FloatMatrix embedding = filled.embedding();
    FloatMatrix changes = FloatMatrix.allocateDirect(embedding.rows(), embedding.columns());
    for (int row = 0; row < embedding.rows(); row++) {
      float[] change = embedding.row(row);
      for (int i = 0; filled.base().isPresent() && i < change.length; i++) {
        change[i] -= filled.base().get().get(row, i);
      }
      changes.setRow(row, change);
    }
    return new Answer(changes, filled.contributions().orElseThrow());
  }

  /** Jacobians of a row, at the median and at most; empty without a path. */
  static String nodes(Attributions filled) {
    return filled
        .path()
        .map(
            path -> {
              int[] nodes =
                  IntStream.range(0, path.rows())
                      .map(row -> (int) path.get(row, 0))
                      .sorted()
                      .toArray();
              return nodes[nodes.length / 2] + " nodes, at most " + nodes[nodes.length - 1];
            })
        .orElse("");
  }

  @Override
  public void close() {
    attributor.close();
    model.close();
  }
}
