package io.attribution.stream.live;

import io.attribution.engine.bundle.ModelBundle;
import java.util.List;
import java.util.Optional;

/**
 * A loaded model as the API shows it.
 *
 * @param fingerprint SHA-256 over the bundle's files
 * @param features the D raw feature names
 * @param outputs the O output names
 * @param grid rows and columns, where the features are the pixels of a picture
 * @param reduction how contributions become one number: l2, normalized, signed
 * @param tolerance largest relative error of an exact explanation
 * @param exact whether the encoder is known to be exact
 * @param roundingFloor largest relative error that rounding alone explains
 */
public record ModelView(
    String name,
    String version,
    String fingerprint,
    List<String> features,
    List<String> outputs,
    Optional<Grid> grid,
    String reduction,
    double tolerance,
    boolean exact,
    double roundingFloor) {

  /**
   * @param exact the result of the admission check
   * @param reduction the label
   * @param roundingFloor the same as the drift stage's
   */
  public static ModelView of(
      ModelBundle bundle, boolean exact, String reduction, double roundingFloor) {
    return new ModelView(
        bundle.name(),
        bundle.version(),
        bundle.fingerprint(),
        bundle.features(),
        bundle.outputs(),
        Grid.of(bundle),
        reduction,
        bundle.tolerance(),
        exact,
        roundingFloor);
  }

  /** A feature's name; by number where the record is of a version with other features. */
  public String feature(int index, int of) {
    return of == features.size() ? features.get(index) : "feature_" + index;
  }
}
