package io.attribution.engine.internal.kernel;

import io.attribution.engine.internal.kernel.Element.Centre;
import io.attribution.engine.internal.kernel.Element.Dense;
import io.attribution.engine.internal.kernel.Element.Factor;
import io.attribution.engine.internal.kernel.Element.Residual;
import io.attribution.engine.internal.kernel.Element.RowFactor;
import io.attribution.engine.internal.kernel.Element.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Moves what is constant into the weights. A number per row commutes with everything and leaves the
 * chain; a scale moves past factors into the next product, or the one before; a mean that is taken
 * off moves into a product next to it.
 */
final class Folding {
  private final List<Element> elements;

  private Folding(List<Element> elements) {
    this.elements = elements;
  }

  /**
   * A folded chain.
   *
   * @param elements what is left, in the order of the forward pass
   * @param rowFactors numbers per row that multiply the whole derivative
   */
  record Folded(List<Element> elements, List<String> rowFactors) {}

  static Folded fold(List<Element> chain) {
    Folding folding = new Folding(new ArrayList<>(chain));
    folding.foldResiduals();
    List<String> rowFactors = folding.takeRowFactors();
    folding.absorb();
    return new Folded(List.copyOf(folding.elements), rowFactors);
  }

  /** Within a branch the numbers per row stay: the other branch does not have them. */
  private void foldResiduals() {
    elements.replaceAll(
        element -> {
          if (!(element instanceof Residual residual)) {
            return element;
          }
          Folded inner = fold(residual.inner());
          List<Element> kept = new ArrayList<>(inner.elements());
          inner.rowFactors().forEach(row -> kept.add(new RowFactor(row)));
          return new Residual(kept);
        });
  }

  private List<String> takeRowFactors() {
    List<String> rows = new ArrayList<>();
    for (Element element : elements) {
      if (element instanceof RowFactor row) {
        rows.add(row.variable());
      }
    }
    elements.removeIf(RowFactor.class::isInstance);
    return rows;
  }

  /** Repeats until nothing moves: a scale that went may leave a mean next to its product. */
  private void absorb() {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int i = 0; i < elements.size() && !moved; i++) {
        moved = absorbAt(i);
      }
    }
  }

  private boolean absorbAt(int i) {
    Element element = elements.get(i);
    if (element instanceof Centre) {
      return into(i, i + 1, Matrix::afterCentre) || into(i, i - 1, Matrix::thenCentre);
    }
    if (element instanceof Scale scale) {
      return into(i, pastFactors(i, 1), m -> m.afterScale(scale.scale()))
          || into(i, pastFactors(i, -1), m -> m.thenScale(scale.scale()));
    }
    return false;
  }

  /** The nearest place that holds no factor. */
  private int pastFactors(int from, int step) {
    int i = from + step;
    while (i >= 0 && i < elements.size() && elements.get(i) instanceof Factor) {
      i += step;
    }
    return i;
  }

  private boolean into(int from, int to, UnaryOperator<Matrix> change) {
    Optional<Matrix> matrix = matrixAt(to);
    matrix.ifPresent(
        m -> {
          elements.set(to, new Dense(change.apply(m)));
          elements.remove(from);
        });
    return matrix.isPresent();
  }

  private Optional<Matrix> matrixAt(int i) {
    boolean dense = i >= 0 && i < elements.size() && elements.get(i) instanceof Dense;
    return dense ? Optional.of(((Dense) elements.get(i)).matrix()) : Optional.empty();
  }
}
