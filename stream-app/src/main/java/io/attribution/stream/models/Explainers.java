package io.attribution.stream.models;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The loaded models by name, and the default model. */
public final class Explainers {
  private final Map<String, Explainer> byName = new LinkedHashMap<>();
  private final Explainer defaultExplainer;

  /**
   * @param defaultModel the name of one of them
   * @throws IllegalArgumentException when two models share a name or the default is not among them
   */
  public Explainers(Collection<? extends Explainer> explainers, String defaultModel) {
    for (Explainer explainer : explainers) {
      String name = explainer.model().name();
      if (byName.put(name, explainer) != null) {
        throw new IllegalArgumentException(
            "bundles: two bundles are named '" + name + "'; give each a name of its own");
      }
    }
    Explainer found = byName.get(defaultModel);
    if (found == null) {
      throw new IllegalArgumentException(
          "default.model: '" + defaultModel + "' is none of " + byName.keySet());
    }
    this.defaultExplainer = found;
  }

  /** The model that a record names, or the default; empty when it names one that is not loaded. */
  public Optional<Explainer> find(Optional<String> model) {
    return model.isEmpty()
        ? Optional.of(defaultExplainer)
        : Optional.ofNullable(byName.get(model.get()));
  }

  /** All of them, in the order they were given. */
  public Collection<Explainer> all() {
    return byName.values();
  }
}
