package io.attribution.benchmarks.engine;

import io.attribution.benchmarks.measure.PythonScript;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.LayerSpec.Linear;
import io.attribution.engine.bundle.LayerSpec.Residual;
import io.attribution.engine.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The encoders that are measured; docs/benchmarks/README.md has their sizes. */
public enum Encoder {
  /** The committed example. */
  digits,
  /** 2,000 raw features, 50 principal components. */
  wide,
  /** Many outputs. */
  many,
  /** Two convolutions; without a layers section, so that only autograd can explain it. */
  conv,
  /** Batch norms, GELU and layer norms. */
  tabular,
  /** The FT-Transformer of rtdl-revisiting-models. */
  transformer,
  /** The encoder of scvi-tools, or the same layers: batch norms and ReLU. */
  scvi,
  /** As digits, with biases. */
  biased,
  /** As conv, with biases and ReLU. */
  conv_biased;

  /** Those that automatic differentiation was first measured with. */
  static final List<Encoder> FIRST = List.of(digits, wide, many, conv);

  /** Those that Jacobians are measured of. */
  static final List<Encoder> JACOBIANS =
      List.of(digits, wide, many, conv, transformer, conv_biased);

  /** Those that methods are measured of. */
  static final List<Encoder> METHODS =
      List.of(tabular, transformer, scvi, digits, biased, conv_biased);

  private static final String EXPORTED = "benchmarks/target/bundles";

  /** Conv2d(1,16), Conv2d(16,32), 3×3 with stride 2: 14×14 and 7×7 places; then 1568→64→10. */
  private static final long CONV_MULTIPLY_ADDS =
      14 * 14 * 16 * 9L + 7 * 7 * 32 * 16 * 9L + 1568 * 64L + 64 * 10L;

  /** The bundle; empty where Python has not exported it. */
  public Optional<ModelBundle> load(Path home) {
    Path bundle =
        this == digits
            ? home.resolve("examples/digits/bundle")
            : home.resolve(EXPORTED).resolve(name());
    return Files.exists(bundle.resolve("model.json"))
        ? Optional.of(BundleLoader.load(bundle))
        : Optional.empty();
  }

  /** Exports bundles with Python, those that are not there. */
  public static void export(Path home, Path python, List<Encoder> encoders) throws IOException {
    List<String> missing =
        encoders.stream()
            .filter(encoder -> encoder.load(home).isEmpty())
            .map(Encoder::name)
            .toList();
    if (!missing.isEmpty()) {
      List<Object> arguments = new ArrayList<>(List.of("--out", home.resolve(EXPORTED)));
      arguments.addAll(missing);
      byte[] unused = new PythonScript(python, home, "make_bundles.py").run(arguments);
    }
  }

  /**
   * Floating-point operations for z and J of one row: one pass forward and one for each output (or
   * input), two operations per multiply-add of the linear maps; nothing else counts. 0 where they
   * are not known.
   */
  static long operationsPerRow(ModelBundle bundle) {
    long otherwise = bundle.graph().isPresent() ? 0 : CONV_MULTIPLY_ADDS;
    long multiplyAdds = bundle.layers().map(Encoder::multiplyAdds).orElse(otherwise);
    return operations(multiplyAdds, bundle.outputCount(), bundle.inputSize());
  }

  /**
   * @param multiplyAdds of one pass for one row
   * @param outputs O
   * @param inputs K
   */
  static long operations(long multiplyAdds, int outputs, int inputs) {
    return 2 * multiplyAdds * (1 + Math.min(outputs, inputs));
  }

  static long multiplyAdds(List<LayerSpec> layers) {
    return layers.stream().mapToLong(Encoder::multiplyAdds).sum();
  }

  private static long multiplyAdds(LayerSpec layer) {
    if (layer instanceof Linear linear) {
      return (long) linear.weight().size(0) * linear.weight().size(1);
    }
    return layer instanceof Residual residual ? multiplyAdds(residual.layers()) : 0;
  }
}
