package io.attribution.engine.internal.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.BundleFixture;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.EncoderGraph;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphCompilerTest {
  @TempDir Path folder;

  @Test
  void computesOnceWhatDependsOnNoInput() {
    GraphSource source =
        compile(
            "{'name': 't', 'op': 'aten.t.default', 'args': [{'tensor': 'w'}]}",
            "{'name': 'size', 'op': 'aten.sym_size.int', 'args': [{'node': 't'}, 0]}",
            "{'name': 'h', 'op': 'aten.view.default', 'args': [{'node': 'x'}, [-1, {'node': 'size'}]]}",
            "{'name': 'y', 'op': 'aten.mm.default', 'args': [{'node': 'h'}, {'node': 't'}]}");

    assertThat(source.operands()).containsExactly("w");
    assertThat(source.text())
        .contains("v0 = torch.t(w[0])\n    return [v0]")
        .contains("v1 = torch.size(c[0], 0)\n    v2 = torch.view(x, [-1, v1])")
        .contains("v3 = torch.mm(v2, c[0])\n    return v3");
    assertThat(source.homogeneous()).isEmpty();
  }

  @Test
  void writesEachArgumentByTheTypeThatIsWanted() {
    GraphSource source =
        compile(
            "{'name': 'a', 'op': 'aten.leaky_relu.default', 'args': [{'node': 'x'}, 1]}",
            "{'name': 'b', 'op': 'aten.gelu.default', 'args': [{'node': 'a'}], 'kwargs': {'approximate': 'tanh'}}",
            "{'name': 'c', 'op': 'aten.elu.default', 'args': [{'node': 'b'}, {'float': '-inf'}]}",
            "{'name': 'd', 'op': 'aten.to.dtype', 'args': [{'node': 'c'}, {'dtype': 'int64'}]}",
            "{'name': 'e', 'op': 'aten.index.Tensor', 'args': [{'node': 'c'}, [null, {'node': 'd'}]]}",
            "{'name': 'f', 'op': 'aten.max.dim', 'args': [{'node': 'e'}, 1, true]}",
            "{'name': 'y', 'op': 'sym.getitem', 'args': [{'node': 'f'}, 0]}");

    assertThat(source.text())
        .contains("v0 = torch.leaky_relu(x, 1)\n")
        .contains("v1 = torch.gelu(v0, approximate=\"tanh\")\n")
        .contains("v2 = torch.elu(v1, torch.neg(inf))\n")
        .contains("v3 = torch.to(v2, 4)\n")
        .contains("v4 = torch.index(v2, annotate(List[Optional[Tensor]], [None, v3]))\n")
        .contains("v5_0, v5_1 = torch.max(v4, 1, True)\n    return v5_0\n");
  }

  @Test
  void multipliesWhatIsAdded() {
    GraphSource source =
        compile(
            "{'name': 'a', 'op': 'aten.linear.default', 'args': [{'node': 'x'}, {'tensor': 'w'}, {'tensor': 'e'}]}",
            "{'name': 'b', 'op': 'aten.add.Tensor', 'args': [{'node': 'a'}, 2]}",
            "{'name': 'c', 'op': 'aten.mul.Tensor', 'args': [{'node': 'b'}, {'tensor': 'w'}]}",
            "{'name': 'y', 'op': 'aten.clamp.default', 'args': [{'node': 'c'}, 0, 1.5]}");

    assertThat(source.homogeneous().orElseThrow())
        .contains("v0 = torch.linear(x, c[0], torch.mul(c[1], s))\n")
        .contains("v1 = torch.add(v0, torch.mul(s, 2.0))\n")
        .contains("v2 = torch.mul(v1, c[0])\n")
        .contains("v3 = torch.clamp(v2, torch.mul(s, 0), torch.mul(s, 1.5))\n");
  }

  /** Near a row its embedding stays the same. */
  @Test
  void multipliesWhatHasNoDerivativeThoughItDependsOnTheRows() {
    GraphSource source =
        compile(
            "{'name': 'a', 'op': 'aten.select.int', 'args': [{'node': 'x'}, 1, 0]}",
            "{'name': 'b', 'op': 'aten.to.dtype', 'args': [{'node': 'a'}, {'dtype': 'int64'}]}",
            "{'name': 'c', 'op': 'aten.embedding.default', 'args': [{'tensor': 'w'}, {'node': 'b'}]}",
            "{'name': 'y', 'op': 'aten.cat.default', 'args': [[{'node': 'x'}, {'node': 'c'}], 1]}");

    assertThat(source.homogeneous().orElseThrow())
        .contains("v2 = torch.embedding(c[0], v1)\n")
        .contains("v3 = torch.cat([x, torch.mul(v2, s)], 1)\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          aten.bernoulli.default | [{"node": "x"}]       | (y): aten.bernoulli.default is none of the
          aten.relu.other        | [{"node": "x"}]       | (y): aten.relu.other is none of the
          aten.relu.default      | []                    | lacks argument 'self'
          aten.relu.default      | [{"node": "x"}, 1]    | takes at most 1 arguments by position
          aten.softmax.int       | [{"node": "x"}, 1.5]  | takes an integer as 'dim'
          aten.view.default      | [{"node": "x"}, 2]    | takes a list as 'size'
          aten.silu.default      | [true, 3]             | takes at most 1
          aten.relu_.default     | [{"tensor": "w"}]     | would change a constant of the encoder in place
          sym.add                | [{"node": "x"}]       | takes two arguments
          aten.t.default         | [{"tensor": "w"}]     | graph.output: 'y' does not depend on the input
          aten.scaled_dot_product_attention.default | [{"node": "x"}, {"node": "x"}, {"node": "x"}, null, 0.5] | is called to train ('dropout_p')
          """)
  void refusesWithNodeAndOperator(String operator, String arguments, String reason) {
    assertThatExceptionOfType(BundleException.class)
        .isThrownBy(
            () -> compile("{'name': 'y', 'op': '" + operator + "', 'args': " + arguments + "}"))
        .withMessageContaining(reason)
        .withMessageContaining("model.json: graph.");
  }

  private GraphSource compile(String... nodes) {
    EncoderGraph graph =
        BundleLoader.load(
                BundleFixture.graph(folder)
                    .model(m -> m.withObject("/graph").set("nodes", json(List.of(nodes))))
                    .write())
            .graph()
            .orElseThrow();
    return GraphCompiler.compile(graph, "model.json");
  }

  private static JsonNode json(List<String> nodes) {
    try {
      return new ObjectMapper().readTree(nodes.toString().replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
