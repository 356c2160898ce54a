package io.attribution.engine.internal.jacobian;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.GraphText;
import io.attribution.engine.internal.graph.GraphCompiler;
import io.attribution.engine.internal.graph.GraphSource;
import io.attribution.engine.internal.torch.PyTorch;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rule of every operator, against libtorch's own derivative; see {@link GraphText}. */
class GraphEngineTest {
  private static final int INPUTS = 12;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relu(x)",
        "leaky_relu(x, 0.2)",
        "relu6(mul.Tensor(x, 5))",
        "hardtanh(x, -0.5, 0.75)",
        "elu(x, 1.3, 1.1, 0.9)",
        "selu(x)",
        "celu(x, 0.7)",
        "gelu(x)",
        "gelu(x, approximate='tanh')",
        "silu(x)",
        "mish(x)",
        "hardswish(mul.Tensor(x, 3))",
        "hardsigmoid(mul.Tensor(x, 3))",
        "softplus(x, 1.5, 2)",
        "softshrink(x, 0.3)",
        "hardshrink(x, 0.3)",
        "threshold(x, 0.1, 0.2)",
        "log_sigmoid(x)",
        "sigmoid(x)",
        "tanh(x)",
        "exp(x)",
        "expm1(x)",
        "log(add.Tensor(abs(x), 1))",
        "log1p(abs(x))",
        "sqrt(add.Tensor(abs(x), 0.1))",
        "rsqrt(add.Tensor(square(x), 0.1))",
        "reciprocal(add.Tensor(square(x), 0.5))",
        "neg(sin(cos(x)))",
        "erf(x)",
        "clamp(x, -0.5, 0.5)",
        "clamp(x, max=0.25)",
        "clamp_min(x, 0.1)",
        "prelu(s, v3)",
        "prelu(x, v1)",
        "pow.Tensor_Scalar(x, 3)",
        "pow.Tensor_Scalar(add.Tensor(square(x), 1), -0.5)",
        "add.Tensor(x, relu(x), alpha=0.5)",
        "sub.Tensor(s, mean.dim(s, [1], True))",
        "sub.Tensor(x, tanh(x), alpha=2)",
        "rsub.Scalar(x, 2)",
        "rsub.Scalar(x, 2, 3)",
        "mul.Tensor(s, sum.dim_IntList(s, [-1], True))",
        "mul.Tensor(x, x)",
        "div.Tensor(s, add.Tensor(sum.dim_IntList(square(s), [2], True), 1))",
        "maximum(x, tanh(x))",
        "minimum(s, v4)",
        "where.self(gt.Scalar(s, 0), s, mul.Tensor(s, v4))",
        "where.self(gt.Scalar(s, 0), mean.dim(s, [-1], True), v4)",
        "masked_fill.Scalar(x, lt.Scalar(x, 0), 0.5)",
        "linear(s, w)",
        "linear(s, w, v4)",
        "addmm(v4, reshape(x, [-1, 4]), t(w)) | reshape(h, [-1, 12])",
        "mm(reshape(x, [-1, 4]), w) | reshape(h, [-1, 12])",
        "matmul(s, w)",
        "matmul(w3, s)",
        "matmul(s, v4)",
        "matmul(v3, s)",
        "matmul(s, transpose.int(tanh(s), 1, 2))",
        "bmm(transpose.int(s, 1, 2), s)",
        "matmul(unsqueeze(s, 1), unsqueeze(transpose.int(s, -1, -2), 1))",
        "softmax.int(matmul(s, transpose.int(s, 1, 2)), -1)",
        "log_softmax.int(s, 1)",
        "scaled_dot_product_attention(s, tanh(s), sin(s))",
        "scaled_dot_product_attention(unsqueeze(s, 1), unsqueeze(s, 1), unsqueeze(s, 1), w3)",
        "layer_norm(x, [12])",
        "layer_norm(s, [4], v4, v4)",
        "layer_norm(s, [3, 4])",
        "rms_norm(s, [4], v4, 0.001)",
        "group_norm(i, 3, v3, v3)",
        "batch_norm(s, v3, v3, v3, p3, False, 0.1, 1e-05, False)",
        "conv2d(i, k)",
        "conv2d(i, k, v4, [1, 2], [1, 0])",
        "conv1d(s, l, v4, [1], [1])",
        "conv1d.padding(s, l, padding='same')",
        "convolution(i, k, null, [2, 2], [1, 1], [1, 1], False, [0, 0], 1)",
        "max_pool2d(i, [2, 1])",
        "max_pool2d(i, [2, 2], [1, 1], [1, 1])",
        "max_pool1d(s, [2], [1])",
        "avg_pool2d(i, [2, 2], [1, 1], [1, 1])",
        "avg_pool1d(s, [2])",
        "adaptive_avg_pool2d(i, [1, 1])",
        "adaptive_avg_pool2d(i, [2, 1])",
        "adaptive_avg_pool1d(s, [2])",
        "glu(s)",
        "var.dim(s, [2])",
        "var.correction(s, [1], correction=0, keepdim=True)",
        "mean.dim(s, [1])",
        "sum.dim_IntList(s, [1, 2], True) | expand(h, [-1, 3, 1])",
        "linalg_vector_norm(s, 2, [-1], True)",
        "linalg_vector_norm(s, 1, [1])",
        "amax(i, [2, 3])",
        "amin(s, [-1], True)",
        "amax(clamp(s, -0.2, 0.2), [2])",
        "repeat(s, [1, 2, 1])",
        "repeat(x, [2, 1, 3]) | sum.dim_IntList(h, [0])",
        "einsum('nij,kj->nik', [s, w])",
        "einsum('nij,nkj->nik', [s, tanh(s)])",
        "einsum('...ij,...kj->...ik', [s, s])",
        "einsum('...a,ab->...b', [s, w])",
        "einsum('ab,...a->...ab', [w, s])",
        "einsum('nij,i->nj', [s, v3])",
        "0(max.dim(s, 2))",
        "0(min.dim(s, -2, True))",
        "permute(i, [0, 2, 3, 1])",
        "permute(i, [0, -1, 1, 2]) | tanh(h)",
        "transpose.int(s, -1, 1)",
        "select.int(s, 1, 2)",
        "select.int(s, -1, 0)",
        "slice.Tensor(x, 1, 2, 9, 3)",
        "slice.Tensor(x, -1, -4)",
        "narrow(x, 1, 3, 5)",
        "cat([x, tanh(x)], 1)",
        "cat([s, mul.Tensor(s, 2), s], -1)",
        "stack([x, sin(x)], 1)",
        "1(chunk(x, 3, 1))",
        "2(split.Tensor(x, 5, -1))",
        "2(unbind.int(s, 1))",
        "unsqueeze(x, 1) | squeeze.dim(h, 1)",
        "expand(unsqueeze(x, 1), [-1, 3, -1])",
        "flatten.using_ints(i, 2)",
        "unflatten.int(x, 1, [6, 2])",
        "constant_pad_nd(x, [1, 2])",
        "index_select(x, 1, n)",
        "to.dtype(tanh(to.dtype(x, float64)), float32)",
        "relu_(add.Tensor(x, 0.1))",
        "mul.Tensor(detach(x), x)"
      })
  void derivesAsLibtorchDoes(String chain) {
    EncoderGraph graph = graph(chain);
    GraphSource source = GraphCompiler.compile(graph, "model.json");
    assertThat(source.obstacle()).isEmpty();
    try (JacobianEngine own =
            AutogradEngine.derivative(graph, source, List.of(INPUTS), Device.cpu());
        JacobianEngine reference =
            AutogradEngine.of(graph, "model.json", List.of(INPUTS), Device.cpu(), false);
        NDManager scope = PyTorch.newScope(Device.cpu())) {
      NDArray inputs = inputs(scope, 2);
      Linearization expected = reference.linearize(inputs);
      Linearization actual = own.linearize(inputs);
      assertThat(actual.outputs().getShape()).isEqualTo(expected.outputs().getShape());
      assertThat(largest(actual.outputs().sub(expected.outputs()))).isLessThan(1e-5f);
      assertThat(largest(expected.jacobian())).isPositive();
      assertThat(largest(actual.jacobian().sub(expected.jacobian())))
          .isLessThan(1e-5f * Math.max(1, largest(expected.jacobian())));
    }
  }

  /** What another node may still see must not be changed. */
  @Test
  void leavesSharedMemoryToAutograd() {
    for (String chain : List.of("add.Tensor(relu_(reshape(x, [-1, 12])), x)")) {
      assertThat(GraphCompiler.compile(graph(chain), "model.json").obstacle().orElseThrow())
          .startsWith("aten.relu_.default (");
    }
  }

  private static float largest(NDArray array) {
    return array.abs().max().getFloat();
  }

  private static NDArray inputs(NDManager scope, int rows) {
    Random random = new Random(7);
    float[] values = new float[rows * INPUTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.create(values, new Shape(rows, INPUTS));
  }

  private static EncoderGraph graph(String chain) {
    return new GraphText(chain).graph();
  }
}
