package io.attribution.benchmarks.engine;

import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the encoders' bundles are.
 *
 * @param home the repository
 * @param folder what is made here and not committed
 */
record Bundles(Path home, Path folder) {

  /** Of an encoder; empty when there is none, because only Python can make it. */
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

  /** Makes the multilayer perceptrons that are missing, without TorchScript. */
  void generateMissing() throws IOException {
    if (load(Encoder.WIDE).isEmpty()) {
      BundleGenerator.wide(path(Encoder.WIDE));
    }
    if (load(Encoder.MANY).isEmpty()) {
      BundleGenerator.many(path(Encoder.MANY));
    }
  }

  /** Makes all of them with Python, unless they are there with TorchScript. */
  void exportMissing(String python) throws IOException {
    for (Encoder encoder : Encoder.values()) {
      if (load(encoder).flatMap(ModelBundle::encoder).isEmpty()) {
        export(python);
        return;
      }
    }
  }

  private void export(String python) throws IOException {
    Process process =
        new ProcessBuilder(
                python,
                home.resolve("benchmarks/peers/make_bundles.py").toString(),
                "--out",
                folder.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("make_bundles.py failed; does " + python + " have requirements.txt?");
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
