package io.attribution.engine.bundle;

import java.util.Optional;

/** Reads `reference` of model.json: rows of the training data. */
final class ReferenceReader {
  private ReferenceReader() {}

  /**
   * @param features D
   * @return [N, D], finite, as many rows as the watch over attributions works with
   */
  static Optional<Tensor> read(BundleJson model, TensorTable tensors, int features) {
    return model.maybe("reference").map(key -> checked(key, tensors.get(key), features));
  }

  private static Tensor checked(BundleJson key, Tensor reference, int features) {
    if (reference.rank() != 2 || reference.size(1) != features) {
      throw error(
          key, "has shape " + reference.shape() + ", expected [N, " + features + "]: raw features");
    }
    if (!WatchLimits.allow(features)) {
      throw error(
          key,
          "is of no use: with more than "
              + WatchLimits.MOST_FEATURES
              + " features attributions are not watched; leave it out");
    }
    int rows = reference.size(0);
    if (rows < WatchLimits.FEWEST_ROWS) {
      throw error(
          key,
          "has "
              + rows
              + " rows, too few to compare with; "
              + export("at least", WatchLimits.FEWEST_ROWS));
    }
    int most = WatchLimits.mostRows(features);
    if (rows > most) {
      throw error(
          key, "has " + rows + " rows of " + features + " features; " + export("at most", most));
    }
    return reference;
  }

  private static String export(String bound, int rows) {
    return "export " + bound + " " + rows;
  }

  private static BundleException error(BundleJson key, String problem) {
    return key.error("tensor '" + key.text() + "' " + problem);
  }
}
