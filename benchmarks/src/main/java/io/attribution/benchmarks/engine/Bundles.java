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
 * The encoders' bundles: the committed example, and those that Python makes.
 *
 * @param home the repository
 */
public record Bundles(Path home) {

  /** The bundle of an encoder; empty where Python has not made it. */
  public Optional<ModelBundle> load(Encoder encoder) {
    Path bundle = path(encoder);
    return Files.exists(bundle.resolve("model.json"))
        ? Optional.of(BundleLoader.load(bundle))
        : Optional.empty();
  }

  Path path(Encoder encoder) {
    return encoder == Encoder.digits
        ? home.resolve("examples/digits/bundle")
        : folder().resolve(encoder.name());
  }

  private Path folder() {
    return home.resolve("benchmarks/target/bundles");
  }

  /** Makes all bundles, unless each is there. */
  public void make(Path python) throws IOException {
    if (!Stream.of(Encoder.values())
        .allMatch(encoder -> load(encoder).flatMap(ModelBundle::encoder).isPresent())) {
      byte[] unused =
          new PythonScript(python, home, "make_bundles.py").run(List.of("--out", folder()));
    }
  }
}
