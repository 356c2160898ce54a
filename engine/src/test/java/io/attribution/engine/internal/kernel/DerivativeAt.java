package io.attribution.engine.internal.kernel;

import io.attribution.engine.internal.kernel.Element.Centre;
import io.attribution.engine.internal.kernel.Element.Dense;
import io.attribution.engine.internal.kernel.Element.Factor;
import io.attribution.engine.internal.kernel.Element.Residual;
import io.attribution.engine.internal.kernel.Element.RowFactor;
import io.attribution.engine.internal.kernel.Element.Scale;
import io.attribution.engine.internal.kernel.Folding.Folded;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a chain of elements multiplies up to at one row, in float64.
 *
 * @param variables what the forward pass left there, by the names of the factors
 */
record DerivativeAt(Map<String, double[]> variables) {

  /** The product, column by column: what becomes of each unit vector. */
  double[][] of(List<Element> chain, int inputs) {
    double[][] columns = new double[inputs][];
    for (int i = 0; i < inputs; i++) {
      double[] unit = new double[inputs];
      unit[i] = 1;
      columns[i] = through(chain, unit);
    }
    return columns;
  }

  double[][] of(Folded folded, int inputs) {
    double[][] columns = of(folded.elements(), inputs);
    for (String row : folded.rowFactors()) {
      for (int i = 0; i < inputs; i++) {
        columns[i] = times(columns[i], value(row));
      }
    }
    return columns;
  }

  private double[] through(List<Element> chain, double[] start) {
    double[] x = start;
    for (Element element : chain) {
      x = through(element, x);
    }
    return x;
  }

  private double[] through(Element element, double[] x) {
    if (element instanceof Dense dense) {
      return product(dense.matrix(), x);
    }
    if (element instanceof Factor factor) {
      return times(x, value(factor.variable()));
    }
    if (element instanceof RowFactor row) {
      return times(x, value(row.variable()));
    }
    if (element instanceof Scale scale) {
      double[] scaled = x.clone();
      for (int i = 0; i < x.length; i++) {
        scaled[i] *= scale.scale().values()[i];
      }
      return scaled;
    }
    if (element instanceof Centre) {
      return centred(x);
    }
    double[] inner = through(((Residual) element).inner(), x);
    for (int i = 0; i < x.length; i++) {
      inner[i] += x[i];
    }
    return inner;
  }

  private double[] value(String variable) {
    return Objects.requireNonNull(variables.get(variable), variable);
  }

  private static double[] product(Matrix matrix, double[] x) {
    double[] y = new double[matrix.outputs()];
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += matrix.values()[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  /** One number for all, or one for each. */
  private static double[] times(double[] x, double[] factors) {
    double[] y = x.clone();
    for (int i = 0; i < y.length; i++) {
      y[i] *= factors[factors.length == 1 ? 0 : i];
    }
    return y;
  }

  private static double[] centred(double[] x) {
    double sum = 0;
    for (double value : x) {
      sum += value;
    }
    double[] y = x.clone();
    for (int i = 0; i < y.length; i++) {
      y[i] -= sum / y.length;
    }
    return y;
  }
}
