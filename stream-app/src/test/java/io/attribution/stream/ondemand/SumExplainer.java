package io.attribution.stream.ondemand;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/**
 * An encoder with one output that sums its features: the contribution of a feature is the feature.
 * Its results live in memory that the next call overwrites. A row that starts with {@link #POISON}
 * is rejected; one that starts with {@link #BREAK} breaks the engine.
 */
public final class SumExplainer implements Explainer {
  public static final float POISON = 666;
  public static final float BREAK = 667;

  /** The outcome of the last row is left out. */
  public static final float FORGET = 668;

  private final ModelIdentity model;
  private final int maxRows;
  private final FloatMatrix memory;

  /** Rows of each call. */
  public final List<Integer> batchSizes = new CopyOnWriteArrayList<>();

  /** A call waits for a permit. */
  public final Semaphore gate = new Semaphore(0);

  public SumExplainer(String name, int features, int maxRows) {
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
    this.maxRows = maxRows;
    this.memory = FloatMatrix.allocateDirect(maxRows, features);
  }

  /** Lets all calls through. */
  public SumExplainer open() {
    gate.release(1 << 20);
    return this;
  }

  @Override
  public ModelIdentity model() {
    return model;
  }

  @Override
  public BatchPolicy policy() {
    return new BatchPolicy(maxRows, 1 << 20, Duration.ofMillis(10));
  }

  @Override
  public List<Outcome> explain(FloatMatrix features) {
    batchSizes.add(features.rows());
    gate.acquireUninterruptibly();
    FloatMatrix sums = FloatMatrix.allocateDirect(features.rows(), 1);
    for (int i = 0; i < features.rows(); i++) {
      float[] row = features.row(i);
      if (row[0] == BREAK) {
        throw new IllegalStateException("the engine is broken on purpose");
      }
      memory.setRow(i, row);
      float sum = 0;
      for (float value : row) {
        sum += value;
      }
      sums.setRow(i, new float[] {sum});
    }
    FloatMatrix results = memory.slice(0, features.rows());
    Attributions all = new Attributions(sums, sums, Optional.of(results), Optional.of(results));
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < features.rows(); i++) {
      outcomes.add(
          features.get(i, 0) == POISON
              ? new Rejected(Rejected.Reason.ENCODER_FAILED, "poisoned")
              : new Attributed(all, i, VerificationSummary.ofRow(sums.row(i), sums.row(i))));
    }
    return features.get(0, 0) == FORGET ? outcomes.subList(1, outcomes.size()) : outcomes;
  }
}
