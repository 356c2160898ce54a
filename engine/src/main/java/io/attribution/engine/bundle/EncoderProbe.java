package io.attribution.engine.bundle;

/**
 * Rows at which the exporter computed the encoder in float64: what the admission check compares
 * with.
 *
 * @param inputs e, [P, K]
 * @param outputs z, [P, O]
 * @param jacobian J, [P, O·K]
 */
public record EncoderProbe(Tensor inputs, Tensor outputs, Tensor jacobian) {}
