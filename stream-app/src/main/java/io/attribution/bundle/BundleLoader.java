package io.attribution.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a bundle folder: model.json, and tensors.safetensors and encoder.pt where they are there.
 */
public final class BundleLoader {
  static final String MODEL = "model.json";
  static final String TENSORS = "tensors.safetensors";
  static final String ENCODER = "encoder.pt";
  private static final String FORMAT = "attribution-bundle/1";
  private static final double DEFAULT_TOLERANCE = 1e-4;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private BundleLoader() {}

  /**
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
    List<Integer> inputShape =
        model.at("input").at("shape").items().stream().map(BundleJson::positiveInt).toList();
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
        Fingerprint.of(directory, List.of(MODEL, TENSORS, ENCODER)),
        tolerance(model),
        inputShape,
        features,
        outputs,
        preprocessing(model, tensors, Tensor.size(inputShape), features.size()),
        encoder,
        layers);
  }

  private static BundleJson readModel(Path file) {
    try {
      JsonNode root = JSON.readTree(file.toFile());
      return new BundleJson(file.toString(), "", root).object();
    } catch (JsonProcessingException e) {
      throw new BundleException(
          file + ": line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new BundleException(file + ": cannot be read; a bundle needs a " + MODEL, e);
    }
  }

  private static Map<String, Tensor> readTensors(Path file) {
    return Files.exists(file) ? Safetensors.read(file) : Map.of();
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
