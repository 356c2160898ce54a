package io.attribution.engine.internal.kernel;

import io.attribution.engine.internal.kernel.Element.Bias;
import io.attribution.engine.internal.kernel.Element.Centre;
import io.attribution.engine.internal.kernel.Element.Dense;
import io.attribution.engine.internal.kernel.Element.Factor;
import io.attribution.engine.internal.kernel.Element.Residual;
import io.attribution.engine.internal.kernel.Element.RowFactor;
import io.attribution.engine.internal.kernel.Element.Scale;
import java.util.ArrayList;
import java.util.List;
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
    return fold(chain, new Bias(Matrix.identity(1), List.of(), List.of()), true);
  }

  /**
   * @param outer which numbers per row the constants of this chain do or do not meet outside of it
   * @param leave whether numbers per row leave the chain, or stay at its end
   */
  private static Folded fold(List<Element> chain, Bias outer, boolean leave) {
    Folding folding = new Folding(new ArrayList<>(chain));
    folding.settleRows(outer, leave);
    List<String> rowFactors = folding.takeRowFactors();
    folding.absorb();
    return new Folded(List.copyOf(folding.elements), rowFactors);
  }

  /**
   * Notes at every constant which numbers per row it meets. Within a branch the numbers per row
   * stay: the other branch does not have them.
   */
  private void settleRows(Bias outer, boolean leave) {
    for (int i = 0; i < elements.size(); i++) {
      Element element = elements.get(i);
      Bias here = meets(i, outer, leave);
      if (element instanceof Dense dense) {
        elements.set(
            i,
            new Dense(
                dense.matrix(),
                dense.bias().map(b -> new Bias(b.column(), here.times(), here.over()))));
      } else if (element instanceof Residual residual) {
        Folded inner = fold(residual.inner(), here, false);
        List<Element> kept = new ArrayList<>(inner.elements());
        inner.rowFactors().forEach(row -> kept.add(new RowFactor(row)));
        elements.set(i, new Residual(kept));
      }
    }
  }

  /**
   * Of numbers per row that leave the chain, a constant is to be multiplied by those behind it; of
   * those that stay at the chain's end, it is to be divided by those before it.
   */
  private Bias meets(int place, Bias outer, boolean leave) {
    List<String> times = new ArrayList<>(outer.times());
    List<String> over = new ArrayList<>(outer.over());
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof RowFactor row && (leave ? i > place : i < place)) {
        (leave ? times : over).add(row.variable());
      }
    }
    return new Bias(outer.column(), List.copyOf(times), List.copyOf(over));
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
      return into(i, i + 1, d -> d.after(Matrix::afterCentre))
          || into(i, i - 1, d -> d.then(Matrix::thenCentre));
    }
    if (element instanceof Scale scale) {
      return into(i, pastFactors(i, 1), d -> d.after(m -> m.afterScale(scale.scale())))
          || into(i, pastFactors(i, -1), d -> d.then(m -> m.thenScale(scale.scale())));
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

  private boolean into(int from, int to, UnaryOperator<Dense> change) {
    if (to < 0 || to >= elements.size() || !(elements.get(to) instanceof Dense dense)) {
      return false;
    }
    elements.set(to, change.apply(dense));
    elements.remove(from);
    return true;
  }
}
