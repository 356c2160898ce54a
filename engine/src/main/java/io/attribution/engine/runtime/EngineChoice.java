package io.attribution.engine.runtime;

import io.attribution.engine.method.MethodChoice;

/**
 * How an encoder is to be computed.
 *
 * @param kind which engine
 * @param precision what the layers engine computes in
 * @param device where
 * @param method how contributions are made of its Jacobians
 */
public record EngineChoice(
    EngineKind kind, Precision precision, DeviceChoice device, MethodChoice method) {
  /** With the method that the bundle asks for. */
  public EngineChoice(EngineKind kind, Precision precision, DeviceChoice device) {
    this(kind, precision, device, MethodChoice.OF_BUNDLE);
  }

  /** An engine in float32 on the CPU. */
  public static EngineChoice of(EngineKind kind) {
    return new EngineChoice(kind, Precision.FLOAT32, DeviceChoice.CPU);
  }

  /** The same engine for another method. */
  public EngineChoice with(MethodChoice other) {
    return new EngineChoice(kind, precision, device, other);
  }
}
