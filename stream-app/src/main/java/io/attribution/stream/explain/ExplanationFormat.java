package io.attribution.stream.explain;

import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.method.ContributionMethod;
import java.util.List;
import java.util.OptionalInt;

/**
 * How an explanation is written.
 *
 * @param method what computed it
 * @param features the names of the D features
 * @param tolerance largest relative error of an exact explanation
 * @param topK the number of features to name in each explanation; none when empty
 */
public record ExplanationFormat(
    ContributionMethod method, List<String> features, double tolerance, OptionalInt topK) {

  /** The format for a model. */
  public static ExplanationFormat of(AdmittedModel model, OptionalInt topK) {
    return new ExplanationFormat(
        model.report().method(), model.bundle().features(), model.bundle().tolerance(), topK);
  }
}
