package io.attribution.attribution;

import io.attribution.batch.FloatMatrix;
import java.util.Optional;

/**
 * The results of one batch in Java memory. n rows, D features, O outputs.
 *
 * @param embedding z, (n, O)
 * @param reconstruction J·e, (n, O)
 * @param contributions C, (n, O·D), each row a matrix in row-major order [output, feature]; absent
 *     when nobody asked for it
 * @param reduced R, (n, D); absent when nobody asked for it
 */
public record Attributions(
    FloatMatrix embedding,
    FloatMatrix reconstruction,
    Optional<FloatMatrix> contributions,
    Optional<FloatMatrix> reduced) {

  /** n: how many rows were attributed. */
  public int rows() {
    return embedding.rows();
  }
}
