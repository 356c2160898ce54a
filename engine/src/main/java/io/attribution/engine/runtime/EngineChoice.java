package io.attribution.engine.runtime;

/**
 * How an encoder is to be computed.
 *
 * @param kind which engine
 * @param precision what the layers engine computes in
 * @param device where
 */
public record EngineChoice(EngineKind kind, Precision precision, DeviceChoice device) {
  /** An engine in float32 on the CPU. */
  public static EngineChoice of(EngineKind kind) {
    return new EngineChoice(kind, Precision.FLOAT32, DeviceChoice.CPU);
  }
}
