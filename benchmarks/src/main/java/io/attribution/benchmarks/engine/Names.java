package io.attribution.benchmarks.engine;

import io.attribution.engine.runtime.EngineKind;
import java.util.List;

/** How the contestants are called in tables. */
final class Names {
  static final String LAYERS = EngineKind.LAYERS.label();
  static final String AUTOGRAD = EngineKind.AUTOGRAD.label();
  static final String VMAP = "vmap(jacrev)";
  static final String VMAP_PLAIN = "vmap(jacrev), one chunk";
  static final String FUNCTIONAL = "functional.jacobian";
  static final String CAPTUM = "captum IG, 50 steps";

  /** In the order of the tables. */
  static final List<String> JACOBIANS =
      List.of(LAYERS, AUTOGRAD, VMAP, VMAP_PLAIN, FUNCTIONAL, CAPTUM);

  /** The peers that can be chosen. */
  static final List<String> PEERS = List.of("vmap", "functional", "captum");

  private Names() {}

  /** From raw features to contributions and l2. */
  static String all(String name) {
    return name + ", all";
  }
}
