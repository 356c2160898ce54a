package io.attribution.engine.runtime;

import java.util.Locale;

/**
 * The engines: what is chosen ({@link #AUTO}, {@link #LAYERS}, {@link #AUTOGRAD}) and what runs
 * ({@link #LAYERS}, {@link #LAYERWISE}, {@link #AUTOGRAD}).
 */
public enum EngineKind {
  /** {@link #LAYERS} where the bundle describes its layers, {@link #AUTOGRAD} elsewhere. */
  AUTO,

  /**
   * The layers in model.json, compiled into one native program. Layers that work on several axes
   * cannot be compiled; {@link #LAYERWISE} runs in its place.
   */
  LAYERS,

  /** encoder.pt with libtorch's automatic differentiation. */
  AUTOGRAD,

  /**
   * The layers in model.json one by one: slow, and simple enough to be the reference that {@link
   * #LAYERS} is checked against. Takes over when the compiled program is found wrong.
   */
  LAYERWISE;

  /**
   * The engine of a name in configuration.
   *
   * @param label auto, layers or autograd
   * @throws IllegalArgumentException for any other label
   */
  public static EngineKind of(String label) {
    for (EngineKind kind : values()) {
      if (kind != LAYERWISE && kind.label().equals(label)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "'" + label + "' is no engine; choose auto, layers or autograd");
  }

  /** The name in configuration, metrics and records, such as {@code layers}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
