package io.attribution.stream.topology;

import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.models.Explainer;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.serde.ModelIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * An encoder with one output that sums its features: the contribution of a feature is the feature.
 * A row that starts with {@link #POISON} is rejected.
 */
public final class FakeExplainer implements Explainer {
  static final float POISON = 666;

  private final ModelIdentity model;
  private final BatchPolicy policy;
  final List<Integer> batchSizes = new ArrayList<>();
  int failures;

  /** How long a batch takes. */
  Duration pause = Duration.ZERO;

  /** What J·e lacks of f(e), relative to it. */
  float relativeError;

  public FakeExplainer(String name, int features, BatchPolicy policy) {
    this.model =
        new ModelIdentity(
            name,
            "1",
            "fingerprint-" + name,
            1e-4,
            "fake",
            ContributionMethod.JACOBIAN,
            1,
            features);
    this.policy = policy;
  }

  @Override
  public ModelIdentity model() {
    return model;
  }

  @Override
  public BatchPolicy policy() {
    return policy;
  }

  @Override
  public List<Outcome> explain(FloatMatrix features) {
    if (failures > 0) {
      failures--;
      throw new IllegalStateException("the engine is broken on purpose");
    }
    batchSizes.add(features.rows());
    LockSupport.parkNanos(pause.toNanos());
    FloatMatrix sums = FloatMatrix.allocateDirect(features.rows(), 1);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < features.rows(); i++) {
      float[] row = features.row(i);
      float sum = 0;
      for (float value : row) {
        sum += value;
      }
      sums.setRow(i, new float[] {sum});
    }
    FloatMatrix copy = copy(features);
    Attributions results = new Attributions(sums, sums, Optional.of(copy), Optional.of(copy));
    for (int i = 0; i < features.rows(); i++) {
      outcomes.add(
          features.get(i, 0) == POISON
              ? new Rejected(Rejected.Reason.ENCODER_FAILED, "poisoned")
              : new Attributed(results, i, verification(sums.row(i))));
    }
    return outcomes;
  }

  private VerificationSummary verification(float[] z) {
    return VerificationSummary.ofRow(z, new float[] {z[0] * (1 - relativeError)});
  }

  private static FloatMatrix copy(FloatMatrix matrix) {
    FloatMatrix copy = FloatMatrix.allocateDirect(matrix.rows(), matrix.columns());
    for (int i = 0; i < matrix.rows(); i++) {
      copy.setRow(i, matrix.row(i));
    }
    return copy;
  }
}
