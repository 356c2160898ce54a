package io.attribution.stream.cli;

import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.LayerSpec.Flatten;
import io.attribution.engine.bundle.LayerSpec.LayerNormDetached;
import io.attribution.engine.bundle.LayerSpec.LeakyRelu;
import io.attribution.engine.bundle.LayerSpec.Linear;
import io.attribution.engine.bundle.LayerSpec.Prelu;
import io.attribution.engine.bundle.LayerSpec.Relu;
import io.attribution.engine.bundle.LayerSpec.Residual;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.bundle.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A bundle as lines of text. */
final class BundleDescription {
  private static final int NAMES_SHOWN = 6;

  private BundleDescription() {}

  static List<String> of(ModelBundle bundle) {
    List<String> lines = new ArrayList<>();
    lines.add(line("name", bundle.name()));
    lines.add(line("version", bundle.version()));
    lines.add(line("fingerprint", bundle.fingerprint()));
    lines.add(line("tolerance", String.format(Locale.ROOT, "%.1e", bundle.tolerance())));
    lines.add(line("features", names(bundle.features())));
    lines.add(line("preprocessing", preprocessing(bundle.preprocessing())));
    lines.add(line("encoder input", bundle.inputShape().toString()));
    lines.add(line("outputs", names(bundle.outputs())));
    lines.add(
        line("layers", bundle.layers().map(BundleDescription::layers).orElse("not described")));
    bundle.graph().ifPresent(graph -> lines.add(line("graph", operators(graph))));
    lines.add(line("reference", bundle.reference().map(BundleDescription::rows).orElse("none")));
    lines.add(line("engines", engines(bundle)));
    return lines;
  }

  private static String line(String key, String value) {
    return String.format(Locale.ROOT, "%-14s %s", key, value);
  }

  private static String names(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())));
    return names.size() + ": " + shown + (names.size() > NAMES_SHOWN ? ", ..." : "");
  }

  private static String preprocessing(Preprocessing steps) {
    List<String> present =
        Stream.of(
                step("mean", steps.mean()),
                step("scale", steps.scale()),
                step("components", steps.components()))
            .flatMap(Optional::stream)
            .toList();
    return present.isEmpty() ? "none" : String.join(", ", present);
  }

  private static Optional<String> step(String name, Optional<Tensor> tensor) {
    return tensor.map(t -> name + " " + t.shape());
  }

  private static String rows(Tensor reference) {
    return reference.size(0) + " rows of training data";
  }

  private static String layers(List<LayerSpec> layers) {
    return String.join(", ", layers.stream().map(BundleDescription::layer).toList());
  }

  private static String layer(LayerSpec layer) {
    if (layer instanceof Linear linear) {
      return "linear "
          + linear.weight().size(1)
          + "->"
          + linear.weight().size(0)
          + (linear.bias().isPresent() ? " with bias" : "");
    }
    if (layer instanceof Prelu prelu) {
      return "prelu" + (prelu.weight().size(0) == 1 ? "" : " per channel");
    }
    if (layer instanceof LeakyRelu leaky) {
      return "leaky_relu " + leaky.negativeSlope();
    }
    if (layer instanceof Residual residual) {
      return "residual (" + layers(residual.layers()) + ")";
    }
    return plain(layer);
  }

  private static String plain(LayerSpec layer) {
    if (layer instanceof Flatten) {
      return "flatten";
    }
    if (layer instanceof Relu) {
      return "relu";
    }
    return layer instanceof LayerNormDetached ? "layer_norm_detached" : layer.toString();
  }

  /** In the order of their first use. */
  private static String operators(EncoderGraph graph) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    graph.nodes().forEach(node -> counts.merge(node.operator(), 1, Integer::sum));
    return graph.nodes().size()
        + " operators: "
        + counts.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String engines(ModelBundle bundle) {
    String layers = bundle.layers().isPresent() ? "available" : "not available (no layers)";
    String autograd =
        bundle.encoder().isPresent() || bundle.graph().isPresent()
            ? "available"
            : "not available (no encoder.pt)";
    String graph =
        bundle.graph().isEmpty()
            ? ""
            : "graph if all operators have a derivative (bundle validate tells); ";
    return "layers " + layers + "; " + graph + "autograd " + autograd;
  }
}
