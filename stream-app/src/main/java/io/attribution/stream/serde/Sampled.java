package io.attribution.stream.serde;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;

/**
 * One explained record on its way to the samples topic.
 *
 * @param explained the explanation, with reduced contributions
 * @param features the raw features, (1, D)
 * @param reduction how the reduced contributions were made
 */
public record Sampled(Explained explained, FloatMatrix features, Reduction reduction) {}
