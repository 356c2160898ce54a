package io.attribution.engine.runtime;

import java.util.Locale;

/**
 * The engines: what is chosen (all but {@link #LAYERWISE}) and what runs (all but {@link #AUTO}).
 */
public enum EngineKind {
  /**
   * {@link #LAYERS} where the bundle describes its layers or its graph is made of them; else {@link
   * #GRAPH} where every operator of the graph has a rule; else {@link #AUTOGRAD}.
   */
  AUTO,

  /**
   * The layers in model.json, compiled into one native program. Layers that work on several axes
   * cannot be compiled; {@link #LAYERWISE} runs in its place.
   */
  LAYERS,

  /** The graph in model.json, and its derivative as a program for all outputs together. */
  GRAPH,

  /** encoder.pt, or the graph in model.json, with libtorch's automatic differentiation. */
  AUTOGRAD,

  /**
   * The layers in model.json one by one: slow, and simple enough to be the reference that {@link
   * #LAYERS} is checked against. Takes over when the compiled program is found wrong.
   */
  LAYERWISE;

  /**
   * The engine of a name in configuration.
   *
   * @param label auto, layers, graph or autograd
   * @throws IllegalArgumentException for any other label
   */
  public static EngineKind of(String label) {
    for (EngineKind kind : values()) {
      if (kind != LAYERWISE && kind.label().equals(label)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "'" + label + "' is no engine; choose auto, layers, graph or autograd");
  }

  /** The name in configuration, metrics and records, such as {@code layers}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
