package io.attribution.engine.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a bundle folder: model.json, and tensors.safetensors and encoder.pt where they exist. See
 * docs/bundle-format.md.
 */
public final class BundleLoader {
  static final String MODEL = "model.json";
  static final String TENSORS = "tensors.safetensors";
  static final String ENCODER = "encoder.pt";

  /** In the order of the fingerprint. */
  static final List<String> FILES = List.of(MODEL, TENSORS, ENCODER);

  private static final Set<String> PREPROCESSING = Set.of("mean", "scale", "components");
  private static final String FORMAT = "attribution-bundle/1";
  private static final double DEFAULT_TOLERANCE = 1e-4;

  /** Far beyond any record, and far from where counts of bytes overflow. */
  private static final int MAX_INPUT_SIZE = 1 << 24;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

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
    BundleJson model = readModel(directory.resolve(MODEL));
    model
        .at("format")
        .matching(FORMAT::equals, "\"" + FORMAT + "\", the only format this version reads");
    TensorTable tensors = new TensorTable(readTensors(directory.resolve(TENSORS)));
    List<Integer> inputShape = shape(model.at("input").at("shape"));
    List<String> features = names(model.at("input").at("features"));
    List<String> outputs = names(model.at("output").at("names"));
    Optional<Path> encoder = Optional.of(directory.resolve(ENCODER)).filter(Files::isRegularFile);
    Optional<List<LayerSpec>> layers =
        model
            .maybe("layers")
            .map(json -> LayersReader.read(json, tensors, inputShape, outputs.size()));
    if (encoder.isEmpty() && layers.isEmpty()) {
      throw model.error("there is neither " + ENCODER + " nor layers; export at least one");
    }
    return new ModelBundle(
        directory,
        model.at("name").text(),
        model.at("version").text(),
        Fingerprint.of(directory, FILES),
        tolerance(model),
        inputShape,
        features,
        outputs,
        preprocessing(model, tensors, Tensor.size(inputShape), features.size()),
        encoder,
        layers,
        ReferenceReader.read(model, tensors, features.size()));
  }

  private static BundleJson readModel(Path file) {
    try {
      JsonNode root = JSON.readTree(file.toFile());
      return new BundleJson(file.toString(), "", root).object();
    } catch (JsonProcessingException e) {
      throw new BundleException(
          file + ": line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new BundleException(file + ": no such file; every bundle has one", e);
    } catch (IOException e) {
      throw new BundleException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static Safetensors readTensors(Path file) {
    return Files.exists(file) ? Safetensors.read(file) : Safetensors.NONE;
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
        throw name.error("'" + name.text() + "' appears twice; names must differ");
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
