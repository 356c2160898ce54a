package io.attribution.engine.bundle;

import io.attribution.engine.method.ContributionMethod;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An encoder and what is needed to explain it, as read from a bundle folder and checked for
 * consistency. Nothing has been computed with it yet. Immutable, as long as no tensor's values are
 * changed.
 *
 * @param directory the folder it was read from
 * @param name the model's name
 * @param version the model's version
 * @param fingerprint SHA-256 over the bundle's files, hexadecimal
 * @param tolerance largest relative error at which an explanation counts as exact
 * @param inputShape the encoder's input without the batch axis; its product is K
 * @param features the D raw feature names
 * @param outputs the O output names
 * @param preprocessing from raw features to encoder inputs
 * @param encoder the TorchScript file, of a bundle of format 1
 * @param layers the layers in order, as described or as recognised in the graph
 * @param reference rows of the training data, [N, D] raw features: what attributions are compared
 *     with
 * @param graph the encoder as a graph of operators, of a bundle of format 2
 * @param probe rows that the exporter computed, of a bundle of format 2
 * @param baseline where paths start, [D] raw features; the mean when empty
 * @param method how contributions are made, unless whoever runs it chooses another
 */
public record ModelBundle(
    Path directory,
    String name,
    String version,
    String fingerprint,
    double tolerance,
    List<Integer> inputShape,
    List<String> features,
    List<String> outputs,
    Preprocessing preprocessing,
    Optional<Path> encoder,
    Optional<List<LayerSpec>> layers,
    Optional<Tensor> reference,
    Optional<EncoderGraph> graph,
    Optional<EncoderProbe> probe,
    Optional<Tensor> baseline,
    ContributionMethod method) {

  /** K: how many numbers the encoder takes for one row. */
  public int inputSize() {
    return Tensor.size(inputShape);
  }

  /** D: how many raw features a record has. */
  public int featureCount() {
    return features.size();
  }

  /** O: how many numbers the encoder returns for one row. */
  public int outputCount() {
    return outputs.size();
  }

  /**
   * The same with another graph in the place of its encoder, and without layers and probe rows.
   *
   * @param inputs how many numbers that takes for a row
   */
  public ModelBundle withGraph(EncoderGraph other, int inputs) {
    return new ModelBundle(
        directory,
        name,
        version,
        fingerprint,
        tolerance,
        List.of(inputs),
        features,
        outputs,
        preprocessing,
        Optional.empty(),
        Optional.empty(),
        reference,
        Optional.of(other),
        Optional.empty(),
        baseline,
        method);
  }

  /** Whether the files on disk are still those that were read; reads them. */
  public boolean isUnchanged() {
    try {
      return BundleLoader.fingerprint(directory).equals(fingerprint);
    } catch (BundleException e) {
      return false;
    }
  }

  /** Name and version, for messages. */
  public String label() {
    return name + " " + version;
  }
}
