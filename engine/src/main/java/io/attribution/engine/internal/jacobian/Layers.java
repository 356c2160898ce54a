package io.attribution.engine.internal.jacobian;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.LayerSpec.Flatten;
import io.attribution.engine.bundle.LayerSpec.LayerNormDetached;
import io.attribution.engine.bundle.LayerSpec.LeakyRelu;
import io.attribution.engine.bundle.LayerSpec.Linear;
import io.attribution.engine.bundle.LayerSpec.Prelu;
import io.attribution.engine.bundle.LayerSpec.Relu;
import io.attribution.engine.bundle.LayerSpec.Residual;
import io.attribution.engine.internal.jacobian.Layer.Traced;
import io.attribution.engine.internal.torch.PyTorch;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Builds native layers from their descriptions. Weights live in the scope that is handed in. */
final class Layers {
  private static final int[] LAST_AXIS = {-1};

  private Layers() {}

  /** The layers one after the other, as one layer. */
  static Layer sequence(List<LayerSpec> specs, NDManager scope) {
    return specs.stream()
        .map(spec -> layer(spec, scope))
        .reduce((first, second) -> x -> chain(first.apply(x), second))
        .orElseThrow(() -> new IllegalArgumentException("an encoder needs a layer"));
  }

  private static Traced chain(Traced first, Layer second) {
    Traced next = second.apply(first.output());
    return new Traced(
        next.output(),
        cotangents -> first.pullback().apply(next.pullback().apply(cotangents)),
        constants -> next.constants().apply(first.constants().apply(constants)));
  }

  private static Layer layer(LayerSpec spec, NDManager scope) {
    if (spec instanceof Linear linear) {
      return linear(linear, scope);
    }
    if (spec instanceof Flatten) {
      return Layers::flatten;
    }
    if (spec instanceof Relu) {
      return x -> gate(x, scope.create(0f));
    }
    if (spec instanceof LeakyRelu leaky) {
      NDArray slope = scope.create(leaky.negativeSlope());
      return x -> gate(x, slope);
    }
    if (spec instanceof Prelu prelu) {
      NDArray slopes = PyTorch.array(scope, prelu.weight());
      return x -> gate(x, perChannel(slopes, x.getShape()));
    }
    if (spec instanceof LayerNormDetached norm) {
      NDArray scale = PyTorch.array(scope, norm.scale());
      return x -> layerNormDetached(x, scale, norm.eps());
    }
    Residual residual = (Residual) spec;
    Layer inner = sequence(residual.layers(), scope);
    return x -> residual(x, inner.apply(x));
  }

  private static Layer linear(Linear linear, NDManager scope) {
    NDArray weight = PyTorch.array(scope, linear.weight());
    NDArray transposed = weight.transpose();
    Optional<NDArray> bias = linear.bias().map(tensor -> PyTorch.array(scope, tensor));
    return x -> {
      UnaryOperator<NDArray> map =
          v -> {
            NDArray product = v.matMul(transposed);
            return bias.map(product::add).orElse(product);
          };
      return new Traced(map.apply(x), g -> g.matMul(weight), map);
    };
  }

  private static Traced flatten(NDArray x) {
    Shape shape = x.getShape();
    long rows = shape.get(0);
    Shape rowShape = shape.slice(1);
    return new Traced(
        x.reshape(rows, rowShape.size()),
        g -> g.reshape(new Shape(g.getShape().get(0), g.getShape().get(1)).addAll(rowShape)),
        c -> c.reshape(c.getShape().get(0), rowShape.size()));
  }

  /** x where positive, slope·x elsewhere; at 0 the derivative is the slope, as in PyTorch. */
  private static Traced gate(NDArray x, NDArray slope) {
    NDArray positive = x.gt(0f).toType(x.getDataType(), false);
    NDArray factor = positive.add(positive.sub(1f).neg().mul(slope));
    return new Traced(x.mul(factor), g -> g.mul(factor.expandDims(1)), c -> c.mul(factor));
  }

  /** One slope broadcasts as it is; slopes per channel go along axis 1 of the batch. */
  private static NDArray perChannel(NDArray slopes, Shape batch) {
    if (slopes.size() == 1) {
      return slopes;
    }
    long[] shape = new long[batch.dimension() - 1];
    java.util.Arrays.fill(shape, 1);
    shape[0] = slopes.size();
    return slopes.reshape(shape);
  }

  private static Traced layerNormDetached(NDArray x, NDArray scale, double eps) {
    NDArray centred = x.sub(x.mean(LAST_AXIS, true));
    NDArray deviation = centred.square().mean(LAST_AXIS, true).add(eps).sqrt();
    return new Traced(
        centred.div(deviation).mul(scale),
        g -> {
          NDArray scaled = g.mul(scale).div(deviation.expandDims(1));
          return scaled.sub(scaled.mean(LAST_AXIS, true));
        },
        c -> c.sub(c.mean(LAST_AXIS, true)).div(deviation).mul(scale));
  }

  private static Traced residual(NDArray x, Traced inner) {
    return new Traced(
        x.add(inner.output()),
        g -> g.add(inner.pullback().apply(g)),
        c -> c.add(inner.constants().apply(c)));
  }
}
