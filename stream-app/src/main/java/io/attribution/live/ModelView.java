package io.attribution.live;

import java.util.List;
import java.util.OptionalInt;

/**
 * A loaded model as people see it.
 *
 * @param fingerprint SHA-256 over the bundle's files
 * @param features the D raw feature names
 * @param outputs the O output names
 * @param rows of the picture that the features are; nothing when they are none
 * @param reduction how contributions become one number: l2, normalized, signed
 * @param target the output that a signed reduction speaks of
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
    OptionalInt rows,
    OptionalInt columns,
    String reduction,
    OptionalInt target,
    double tolerance,
    boolean exact,
    double roundingFloor) {

  /** A feature's name; one that is not this model's, from an older version, gets a number. */
  public String feature(int index, int of) {
    return of == features.size() ? features.get(index) : "feature_" + index;
  }
}
