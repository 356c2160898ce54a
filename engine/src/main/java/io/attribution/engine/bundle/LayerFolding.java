package io.attribution.engine.bundle;

import io.attribution.engine.bundle.LayerStep.Columns;
import io.attribution.engine.bundle.LayerStep.Dense;
import io.attribution.engine.bundle.LayerStep.Norm;
import io.attribution.engine.bundle.LayerStep.Plain;
import io.attribution.engine.bundle.LayerStep.Skip;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Folds scales and shifts, such as a batch normalisation's, into the linear layer next to them. */
final class LayerFolding {
  private final Deque<LayerStep> folded = new ArrayDeque<>();

  private LayerFolding() {}

  /** The same as layers, one after the other. */
  static List<LayerSpec> fold(List<LayerStep> steps) throws UnknownOperatorException {
    LayerFolding folding = new LayerFolding();
    steps.forEach(folding::add);
    List<LayerSpec> layers = new ArrayList<>();
    for (LayerStep step : folding.folded) {
      layers.add(layer(step));
    }
    return List.copyOf(layers);
  }

  private void add(LayerStep step) {
    LayerStep last = folded.peekLast();
    if (step instanceof Columns columns) {
      addColumns(columns, last);
    } else if (step instanceof Dense dense && last instanceof Columns columns) {
      folded.removeLast();
      folded.addLast(dense.after(columns));
    } else {
      folded.addLast(step);
    }
  }

  private void addColumns(Columns columns, @Nullable LayerStep last) {
    if (last instanceof Dense dense) {
      folded.removeLast();
      folded.addLast(dense.then(columns));
    } else if (last instanceof Columns before) {
      folded.removeLast();
      addColumns(before.then(columns), folded.peekLast());
    } else if (last instanceof Norm norm && !columns.scale().isAll(1)) {
      folded.removeLast();
      folded.addLast(new Norm(norm.scale().times(columns.scale()), norm.eps()));
      Vector one = Vector.of(columns.scale().size(), 1);
      addColumns(new Columns(one, columns.shift(), columns.operator()), folded.peekLast());
    } else if (!columns.isNothing()) {
      folded.addLast(columns);
    }
  }

  private static LayerSpec layer(LayerStep step) throws UnknownOperatorException {
    if (step instanceof Plain plain) {
      return plain.layer();
    }
    if (step instanceof Dense dense) {
      return linear(dense);
    }
    if (step instanceof Norm norm) {
      return new LayerSpec.LayerNormDetached(
          norm.scale().tensor(List.of(norm.scale().size())), norm.eps());
    }
    if (step instanceof Columns columns) {
      throw new UnknownOperatorException(columns.operator() + " next to no linear layer");
    }
    return new LayerSpec.Residual(fold(((Skip) step).inner()));
  }

  private static LayerSpec linear(Dense dense) {
    int outputs = dense.bias().size();
    Optional<Tensor> bias =
        dense.bias().isAll(0)
            ? Optional.empty()
            : Optional.of(dense.bias().tensor(List.of(outputs)));
    return new LayerSpec.Linear(dense.weight().tensor(List.of(outputs, dense.inputs())), bias);
  }
}
