package io.attribution.stream.serde;

import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.method.ContributionMethod;

/**
 * The model as every output names it.
 *
 * @param fingerprint SHA-256 of the bundle's files
 * @param tolerance largest relative error that counts as exact
 * @param engine layers, layerwise, graph or autograd
 * @param method how contributions are made
 * @param outputs O
 * @param features D
 */
public record ModelIdentity(
    String name,
    String version,
    String fingerprint,
    double tolerance,
    String engine,
    ContributionMethod method,
    int outputs,
    int features) {

  public static ModelIdentity of(AdmittedModel model) {
    ModelBundle bundle = model.bundle();
    return new ModelIdentity(
        bundle.name(),
        bundle.version(),
        bundle.fingerprint(),
        bundle.tolerance(),
        model.report().engine().label(),
        model.report().method(),
        bundle.outputCount(),
        bundle.featureCount());
  }

  /** The same model, explained by another engine. */
  public ModelIdentity withEngine(String other) {
    return new ModelIdentity(
        name, version, fingerprint, tolerance, other, method, outputs, features);
  }

  AvroOutput writeTo(AvroOutput out) {
    return out.writeString(name).writeString(version).writeString(fingerprint);
  }
}
