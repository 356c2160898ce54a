package io.attribution.benchmarks.engine;

import io.attribution.benchmarks.measure.PythonScript;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The encoders' bundles.
 *
 * @param home the repository
 * @param folder for bundles that are made here and not committed
 */
record Bundles(Path home, Path folder) {

  /** The bundle of an encoder; empty where only Python can make it. */
  Optional<ModelBundle> load(Encoder encoder) {
    Path bundle = path(encoder);
    return Files.exists(bundle.resolve("model.json"))
        ? Optional.of(BundleLoader.load(bundle))
        : Optional.empty();
  }

  Path path(Encoder encoder) {
    return encoder == Encoder.DIGITS
        ? home.resolve("examples/digits/bundle")
        : folder.resolve(encoder.label());
  }

  /** Makes the missing multilayer perceptrons, without TorchScript. */
  void generateMissing() throws IOException {
    if (load(Encoder.WIDE).isEmpty()) {
      BundleGenerator.wide(path(Encoder.WIDE));
    }
    if (load(Encoder.MANY).isEmpty()) {
      BundleGenerator.many(path(Encoder.MANY));
    }
  }

  /** Makes all bundles with Python, unless each is there with TorchScript. */
  void exportMissing(Path python) throws IOException {
    if (Stream.of(Encoder.values())
        .allMatch(encoder -> load(encoder).flatMap(ModelBundle::encoder).isPresent())) {
      return;
    }
    new PythonScript(python, home, "make_bundles.py").run(List.of("--out", folder));
  }
}
