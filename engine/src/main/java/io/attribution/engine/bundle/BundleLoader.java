package io.attribution.engine.bundle;

import io.attribution.engine.method.ContributionMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a bundle folder: model.json, and tensors.safetensors and encoder.pt where they exist. See
 * docs/bundle-format.md.
 */
public final class BundleLoader {
  static final String MODEL = "model.json";
  static final String TENSORS = "tensors.safetensors";
  static final String ENCODER = "encoder.pt";
  private static final Set<String> PREPROCESSING = Set.of("mean", "scale", "components");
  private static final String FORMAT = "attribution-bundle/1";
  private static final String GRAPH_FORMAT = "attribution-bundle/2";
  private static final Set<String> PROBE = Set.of("inputs", "outputs", "jacobian");
  private static final int FEWEST_PROBES = 2;
  private static final double DEFAULT_TOLERANCE = 1e-4;

  /** Far beyond any record, and far from where counts of bytes overflow. */
  private static final int MAX_INPUT_SIZE = 1 << 24;

  /** A name takes some 15 bytes: far more features than a record has. */
  private static final long MOST_MODEL_BYTES = 16L << 20;

  private static final long MOST_TENSOR_BYTES = Integer.MAX_VALUE;

  /** Read twice before libtorch sees it: for the checksums and for the fingerprint. */
  private static final long MOST_ENCODER_BYTES = 4L << 30;

  private BundleLoader() {}

  /**
   * Reads and checks a bundle, without computing anything. May be called from any thread.
   *
   * @param directory the bundle folder
   * @throws BundleException when something is missing or inconsistent; names the file and the key
   */
  public static ModelBundle load(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new BundleException(directory + ": no such folder; name a bundle folder");
    }
    BundleJson model = readModel(directory);
    model
        .at("format")
        .matching(
            Set.of(FORMAT, GRAPH_FORMAT)::contains,
            "\"" + FORMAT + "\" or \"" + GRAPH_FORMAT + "\", the formats that this version reads");
    Optional<BundleFile> encoder = BundleFile.find(directory, ENCODER, MOST_ENCODER_BYTES);
    encoder.ifPresent(TorchScriptArchive::check);
    try (Safetensors file = tensors(directory)) {
      return read(directory, model, encoder.map(BundleFile::path), file);
    }
  }

  private static ModelBundle read(
      Path directory, BundleJson model, Optional<Path> encoder, Safetensors file) {
    boolean isGraph = model.at("format").text().equals(GRAPH_FORMAT);
    requireOneForm(model, encoder, isGraph);
    TensorTable tensors = new TensorTable(file);
    List<Integer> inputShape = shape(model.at("input").at("shape"));
    List<String> features = names(model.at("input").at("features"));
    List<String> outputs = names(model.at("output").at("names"));
    Preprocessing preprocessing =
        preprocessing(model, tensors, Tensor.size(inputShape), features.size());
    Optional<Tensor> reference = ReferenceReader.read(model, tensors, features.size());
    Optional<EncoderGraph> graph =
        isGraph ? Optional.of(GraphReader.read(model.at("graph"), tensors)) : Optional.empty();
    Optional<List<LayerSpec>> layers =
        graph.isPresent()
            ? LayerRecognition.of(graph.get(), inputShape, outputs.size()).layers()
            : model
                .maybe("layers")
                .map(json -> LayersReader.read(json, tensors, inputShape, outputs.size()));
    Optional<EncoderProbe> probe =
        isGraph
            ? Optional.of(
                probe(model.at("probe"), tensors, Tensor.size(inputShape), outputs.size()))
            : Optional.empty();
    Optional<Tensor> baseline =
        model.maybe("baseline").map(key -> tensors.get(key, List.of(features.size())));
    file.requireEveryByteOnce();
    return new ModelBundle(
        directory,
        model.at("name").text(),
        model.at("version").text(),
        fingerprint(directory),
        tolerance(model),
        inputShape,
        features,
        outputs,
        preprocessing,
        encoder,
        layers,
        reference,
        graph,
        probe,
        baseline,
        method(model, isGraph));
  }

  /** What another format has would go unnoticed. */
  private static void requireOneForm(BundleJson model, Optional<Path> encoder, boolean isGraph) {
    if (isGraph && encoder.isPresent()) {
      throw model.error(
          "a bundle of format " + GRAPH_FORMAT + " has a graph and no " + ENCODER + "; remove it");
    }
    for (String other : isGraph ? List.of("layers") : List.of("graph", "probe")) {
      if (model.has(other)) {
        throw model
            .at(other)
            .error(
                "is not in a bundle of format "
                    + model.at("format").text()
                    + "; export the bundle again");
      }
    }
    if (!isGraph && encoder.isEmpty() && !model.has("layers")) {
      throw model.error("there is neither " + ENCODER + " nor layers; export at least one");
    }
  }

  private static EncoderProbe probe(
      BundleJson json, TensorTable tensors, int inputSize, int outputs) {
    json.object().requireKeys(PROBE);
    Tensor inputs = tensors.get(json.at("inputs"));
    int rows = inputs.rank() == 2 ? inputs.size(0) : 0;
    if (rows < FEWEST_PROBES || inputs.size(1) != inputSize) {
      throw json.at("inputs")
          .error(
              String.format(
                  "has shape %s, expected [%d or more, %d]",
                  inputs.shape(), FEWEST_PROBES, inputSize));
    }
    Tensor jacobian = tensors.get(json.at("jacobian"), List.of(rows, outputs, inputSize));
    return new EncoderProbe(
        inputs,
        tensors.get(json.at("outputs"), List.of(rows, outputs)),
        new Tensor(List.of(rows, outputs * inputSize), jacobian.values()));
  }

  /** Bundles of format 1 without the key are from before there were other methods. */
  private static ContributionMethod method(BundleJson model, boolean isGraph) {
    Optional<BundleJson> json = model.maybe("method");
    if (json.isEmpty()) {
      return isGraph ? ContributionMethod.AUTO : ContributionMethod.JACOBIAN;
    }
    try {
      return ContributionMethod.of(json.get().text());
    } catch (IllegalArgumentException e) {
      throw json.get().error(String.valueOf(e.getMessage()));
    }
  }

  /** Reads the files. */
  static String fingerprint(Path directory) {
    return Fingerprint.of(
        Stream.of(
                BundleFile.find(directory, MODEL, MOST_MODEL_BYTES),
                BundleFile.find(directory, TENSORS, MOST_TENSOR_BYTES),
                BundleFile.find(directory, ENCODER, MOST_ENCODER_BYTES))
            .flatMap(Optional::stream)
            .toList());
  }

  private static BundleJson readModel(Path directory) {
    String file = directory.resolve(MODEL).toString();
    byte[] content =
        BundleFile.find(directory, MODEL, MOST_MODEL_BYTES)
            .orElseThrow(() -> new BundleException(file + ": no such file; every bundle has one"))
            .content();
    return new BundleJson(file, "", StrictJson.parse(file, content)).object();
  }

  private static Safetensors tensors(Path directory) {
    return BundleFile.find(directory, TENSORS, MOST_TENSOR_BYTES)
        .map(Safetensors::open)
        .orElseGet(Safetensors::none);
  }

  private static List<Integer> shape(BundleJson json) {
    List<Integer> shape = json.items().stream().map(BundleJson::positiveInt).toList();
    if (shape.stream().mapToDouble(axis -> axis).reduce(1, (a, b) -> a * b) > MAX_INPUT_SIZE) {
      throw json.error("takes more numbers for one row than " + MAX_INPUT_SIZE + ": " + shape);
    }
    return shape;
  }

  private static List<String> names(BundleJson json) {
    Set<String> seen = new HashSet<>();
    for (BundleJson name : json.items()) {
      if (!seen.add(name.text())) {
        throw name.error(
            "'" + Printable.excerpt(name.text()) + "' appears twice; names must differ");
      }
    }
    return json.items().stream().map(BundleJson::text).toList();
  }

  private static double tolerance(BundleJson model) {
    return model
        .maybe("tolerance")
        .map(json -> json.number(v -> v > 0 && v < 1, "a number between 0 and 1"))
        .orElse(DEFAULT_TOLERANCE);
  }

  private static Preprocessing preprocessing(
      BundleJson model, TensorTable tensors, int inputSize, int featureCount) {
    Optional<BundleJson> json = model.maybe("preprocessing").map(BundleJson::object);
    // A misspelt mean would go unnoticed: contributions come out wrong, yet f(e) = J(e)·e holds.
    json.ifPresent(p -> p.requireKeys(PREPROCESSING));
    Optional<Tensor> components =
        json.flatMap(p -> p.maybe("components"))
            .map(key -> tensors.get(key, List.of(inputSize, featureCount)));
    if (components.isEmpty() && inputSize != featureCount) {
      throw model
          .at("input")
          .error(
              "shape takes "
                  + inputSize
                  + " numbers but there are "
                  + featureCount
                  + " features; without preprocessing.components they must be as many");
    }
    return new Preprocessing(
        json.flatMap(p -> p.maybe("mean")).map(key -> tensors.get(key, List.of(featureCount))),
        json.flatMap(p -> p.maybe("scale")).map(key -> scale(tensors, key, featureCount)),
        components);
  }

  private static Tensor scale(TensorTable tensors, BundleJson key, int featureCount) {
    Tensor scale = tensors.get(key, List.of(featureCount));
    for (int i = 0; i < featureCount; i++) {
      if (scale.values()[i] == 0) {
        throw key.error("entry " + i + " is 0 and would divide by zero; use 1 for it");
      }
    }
    return scale;
  }
}
