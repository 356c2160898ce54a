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
    return encoder == Encoder.digits
        ? home.resolve("examples/digits/bundle")
        : folder.resolve(encoder.name());
  }

  /** Makes what is missing; without Python only multilayer perceptrons, without TorchScript. */
  void make(Optional<Path> python) throws IOException {
    if (python.isEmpty()) {
      for (Encoder encoder : List.of(Encoder.wide, Encoder.many)) {
        if (load(encoder).isEmpty()) {
          BundleGenerator.write(encoder, path(encoder));
        }
      }
    } else if (!Stream.of(Encoder.values())
        .allMatch(encoder -> load(encoder).flatMap(ModelBundle::encoder).isPresent())) {
      byte[] unused =
          new PythonScript(python.get(), home, "make_bundles.py").run(List.of("--out", folder));
    }
  }
}
