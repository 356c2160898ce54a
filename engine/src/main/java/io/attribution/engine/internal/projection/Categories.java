package io.attribution.engine.internal.projection;

import java.util.List;

/**
 * Columns of an encoder's input that are indices.
 *
 * @param width K, all columns
 * @param columns which of them are indices, C of them
 * @param features the raw feature of each, in the same order
 */
public record Categories(int width, List<Integer> columns, List<Integer> features) {
  public Categories {
    columns = List.copyOf(columns);
    features = List.copyOf(features);
  }
}
