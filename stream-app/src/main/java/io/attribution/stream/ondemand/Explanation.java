package io.attribution.stream.ondemand;

import io.attribution.engine.attribution.Attributed;
import io.attribution.stream.serde.ModelIdentity;
import java.util.OptionalDouble;

/**
 * A copy of a row's explanation, independent of the batch's memory. D features, O outputs.
 * Immutable; arrays are not to be changed.
 */
public final class Explanation implements RowOutcome {
  private final ModelIdentity model;
  private final float[] embedding;
  private final float[] reconstruction;
  private final float[] contributions;
  private final float[] reduced;
  private final float[] base;
  private final int nodes;
  private final OptionalDouble standardError;
  private final double relativeError;

  private Explanation(ModelIdentity model, Attributed row) {
    this.model = model;
    this.embedding = row.embedding();
    this.reconstruction = new float[embedding.length];
    for (int i = 0; i < embedding.length; i++) {
      reconstruction[i] = (float) row.batch().reconstruction().get(row.row(), i);
    }
    this.contributions = row.contributions();
    this.reduced = row.reduced();
    this.base = row.base();
    this.nodes = row.nodes();
    this.standardError = row.standardError();
    this.relativeError = row.verification().relativeError();
  }

  /** A copy of a row of a batch's results. */
  static Explanation copyOf(ModelIdentity model, Attributed row) {
    return new Explanation(model, row);
  }

  /** The model that explained it. */
  public ModelIdentity model() {
    return model;
  }

  /** z, O values. */
  public float[] embedding() {
    return embedding;
  }

  /** What the contributions of each output start from, O values. */
  public float[] base() {
    return base;
  }

  /** How many Jacobians the path took; 0 without one. */
  public int nodes() {
    return nodes;
  }

  /** The largest of a contribution, in the unit of the outputs. */
  public OptionalDouble standardError() {
    return standardError;
  }

  /** What contributions add up to, O values. */
  public float[] reconstruction() {
    return reconstruction;
  }

  /** C, row-major [output, feature], O·D values. */
  public float[] contributions() {
    return contributions;
  }

  /** R, D values. */
  public float[] reduced() {
    return reduced;
  }

  public double relativeError() {
    return relativeError;
  }

  /** Whether base and contributions add up to the embedding within the model's tolerance. */
  public boolean exact() {
    return relativeError <= model.tolerance();
  }
}
