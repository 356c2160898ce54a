package io.attribution.http;

import io.attribution.live.ModelView;
import io.attribution.topology.Explainer;

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
