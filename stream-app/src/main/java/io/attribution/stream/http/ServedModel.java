package io.attribution.stream.http;

import io.attribution.stream.live.ModelView;
import io.attribution.stream.models.Explainer;

/**
 * A loaded model as the API offers it.
 *
 * @param explainer computes contributions and reduced ones
 */
public record ServedModel(ModelView view, Explainer explainer) {

  /** O·D: how many contributions a row has. */
  int contributions() {
    return explainer.model().outputs() * explainer.model().features();
  }
}
