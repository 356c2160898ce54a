package io.attribution.stream.explain;

import io.attribution.engine.bundle.ModelBundle;
import java.util.List;
import java.util.OptionalInt;

/**
 * How an explanation is written.
 *
 * @param features the names of the D features
 * @param tolerance largest relative error of an exact explanation
 * @param topK the number of features to name in each explanation; none when empty
 */
public record ExplanationFormat(List<String> features, double tolerance, OptionalInt topK) {

  /** The format for a model. */
  public static ExplanationFormat of(ModelBundle bundle, OptionalInt topK) {
    return new ExplanationFormat(bundle.features(), bundle.tolerance(), topK);
  }
}
