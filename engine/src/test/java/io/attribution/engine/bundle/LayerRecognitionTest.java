package io.attribution.engine.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.bundle.EncoderGraph.Node;
import io.attribution.engine.bundle.LayerSpec.Linear;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerRecognitionTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bias-mlp                 | Linear, Relu, Linear, LeakyRelu, Linear
          batch-norm-relu          | Linear, Relu, Linear
          core-aten                | Linear, Relu, Linear
          layernorm-detached       | Linear, Prelu, LayerNormDetached, Linear
          layernorm-in-other-words | Linear, LayerNormDetached, Prelu, Linear, LayerNormDetached, LeakyRelu, Linear
          residual                 | Linear, Residual, Relu, Linear
          where-prelu              | Linear, Prelu, Linear
          """)
  void recognisesLayersByWhatTheGraphDoes(String name, String layers) {
    LayerRecognition recognition = of(TestFiles.folder("golden-graph").resolve(name));

    assertThat(recognition.obstacle()).isEmpty();
    assertThat(recognition.layers().orElseThrow())
        .extracting(layer -> layer.getClass().getSimpleName())
        .containsExactly(layers.split(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          smooth      | aten.gelu.default (gelu)
          conv        | aten.conv2d.default (conv2d)
          attention   | aten.view.default (view)
          lstm        | aten.zeros.default (zeros)
          clamped     | aten.mul.Tensor (mul)
          categorical | aten.slice.Tensor (slice_1)
          """)
  void namesTheFirstOperatorThatIsNoLayer(String name, String operator) {
    LayerRecognition recognition = of(TestFiles.folder("golden-graph").resolve(name));

    assertThat(recognition.layers()).isEmpty();
    assertThat(recognition.obstacle()).contains(operator);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          an overwritten value that is read again | relu_ x; add v0 x                       | aten.relu_.default (v0)
          a scale next to no linear layer         | relu x; mul v0 w0; relu v1; linear v2   | aten.mul.Tensor (v1) next to no linear layer
          a live variance                         | var x; sqrt v0; mean x; sub x v2; div v3 v1 | aten.div.Tensor (v4)
          a mean that is cut off                  | mean x; detach v0; sub x v1             | aten.sub.Tensor (v2)
          a slope of another value                | relu x; mul v0 2; gt v0; relu v0; where v2 v3 v1 | aten.where.self (v4)
          a difference of two values              | relu x; sub x v0                        | aten.sub.Tensor (v1)
          a mean that is an output                | mean x                                  | an output that is no layer's
          """)
  void leavesToAutogradWhatIsAlmostALayer(String what, String program, String obstacle) {
    LayerRecognition recognition =
        of(
            BundleFixture.graph(folder)
                .tensor("v", List.of(2), 2, 3)
                .model(m -> m.withObject("/graph").set("nodes", nodes(program)))
                .model(m -> m.withObject("/graph").put("output", last(program)))
                .write());

    assertThat(recognition.obstacle()).as(what).contains(obstacle);
  }

  private static String last(String program) {
    return "v" + (List.of(program.split("; ")).size() - 1);
  }

  /** Each step is an operator and what it takes. */
  private static JsonNode nodes(String program) {
    StringBuilder nodes = new StringBuilder();
    List<String> steps = List.of(program.split("; "));
    for (int i = 0; i < steps.size(); i++) {
      List<String> words = List.of(steps.get(i).split(" "));
      StringBuilder arguments = new StringBuilder();
      for (int k = 1; k < words.size(); k++) {
        arguments.append(k == 1 ? "" : ",").append(argument(words.get(k)));
      }
      nodes
          .append(i == 0 ? "[" : ",")
          .append(
              """
              {"name": "v%d", "op": "aten.%s", "args": [%s%s]%s}"""
                  .formatted(
                      i,
                      operator(words.get(0)),
                      arguments,
                      more(words.get(0)),
                      keywords(words.get(0))));
    }
    try {
      return new ObjectMapper().readTree(nodes + "]");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String argument(String word) {
    if (word.matches("\\d+")) {
      return word;
    }
    return word.startsWith("w") ? "{\"tensor\": \"v\"}" : "{\"node\": \"" + word + "\"}";
  }

  private static String operator(String name) {
    return switch (name) {
      case "add", "sub", "mul", "div" -> name + ".Tensor";
      case "mean" -> "mean.dim";
      case "var" -> "var.correction";
      case "gt" -> "gt.Scalar";
      case "where" -> "where.self";
      default -> name + ".default";
    };
  }

  private static String more(String name) {
    return switch (name) {
      case "mean" -> ", [-1], true";
      case "var" -> ", [-1]";
      case "gt" -> ", 0";
      case "linear" -> ", {\"tensor\": \"w\"}";
      default -> "";
    };
  }

  private static String keywords(String name) {
    return name.equals("var") ? ", \"kwargs\": {\"correction\": 0, \"keepdim\": true}" : "";
  }

  /** Encoders of several inputs put them side by side, even where there is one. */
  @Test
  void aSingleArrayPutTogetherIsThatArray() {
    assertThat(together("x").layers()).contains(List.of(new LayerSpec.Relu()));
    assertThat(together("x", "x").obstacle()).contains("aten.cat.default (c)");
  }

  private static LayerRecognition together(String... arrays) {
    List<Argument> items =
        Stream.of(arrays).<Argument>map(name -> new Argument.Result(name)).toList();
    Node cat =
        new Node(
            "c",
            "aten.cat.default",
            List.of(new Argument.Items(items), new Argument.Whole(1)),
            Map.of());
    Node relu = new Node("y", "aten.relu.default", List.of(new Argument.Result("c")), Map.of());
    EncoderGraph graph = new EncoderGraph("x", List.of(cat, relu), "y", Map.of());
    return LayerRecognition.of(graph, List.of(2), 2 * arrays.length);
  }

  @Test
  void foldsWhatStandsNextToALinearLayer() {
    ModelBundle bundle =
        BundleLoader.load(
            BundleFixture.graph(folder)
                .tensor("v", List.of(2), 2, 3)
                .model(
                    m ->
                        m.withObject("/graph")
                            .set("nodes", nodes("mul x w0; add v0 w0; linear v1; sub v2 1")))
                .model(m -> m.withObject("/graph").put("output", "v3"))
                .write());

    Linear linear =
        (Linear)
            LayerRecognition.of(bundle.graph().orElseThrow(), List.of(2), 2)
                .layers()
                .orElseThrow()
                .get(0);

    // W·(v∘x + v) − 1 with W = [1 2; 3 −1] and v = (2, 3).
    assertThat(linear.weight()).isEqualTo(new Tensor(List.of(2, 2), new float[] {2, 6, 6, -3}));
    assertThat(linear.bias()).contains(Tensor.vector(7, 2));
  }

  private static LayerRecognition of(Path bundle) {
    ModelBundle read = BundleLoader.load(bundle);
    return LayerRecognition.of(read.graph().orElseThrow(), read.inputShape(), read.outputCount());
  }
}
