package io.attribution.engine.internal.kernel;

import io.attribution.engine.internal.kernel.Element.Centre;
import io.attribution.engine.internal.kernel.Element.Dense;
import io.attribution.engine.internal.kernel.Element.Factor;
import io.attribution.engine.internal.kernel.Element.Residual;
import io.attribution.engine.internal.kernel.Element.RowFactor;
import io.attribution.engine.internal.kernel.Element.Scale;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes how a group of seeds goes through a chain from its last element to its first. A seed is
 * one output for the pullback, or one input for the pushforward, which is the pullback of the
 * transposed chain. Rows of an array are [seed, row of the tile]; factors stand there once per
 * seed, so that one product takes a whole group.
 */
final class Pullback {
  private final Text text;
  private final Operands operands;
  private final Products products;

  private final Intercept intercept;

  /** Factor to its copies, one for each seed of a group. */
  private final Map<String, String> repeated = new LinkedHashMap<>();

  /**
   * @param intercept is told the cotangent at every constant
   */
  Pullback(Text text, Operands operands, Products products, Intercept intercept) {
    this.text = text;
    this.operands = operands;
    this.products = products;
    this.intercept = intercept;
  }

  /** The same chain for the other direction: inputs become seeds. */
  static List<Element> transposed(List<Element> chain) {
    List<Element> turned = new ArrayList<>();
    for (int i = chain.size() - 1; i >= 0; i--) {
      Element element = chain.get(i);
      if (element instanceof Dense dense) {
        turned.add(new Dense(dense.matrix().transposed()));
      } else if (element instanceof Residual residual) {
        turned.add(new Residual(transposed(residual.inner())));
      } else {
        turned.add(element);
      }
    }
    return turned;
  }

  /**
   * Writes the copies of every factor; {@code group} and {@code t} are variables of the program.
   */
  void repeatFactors(List<Element> chain) {
    for (Element element : chain) {
      if (element instanceof Factor factor) {
        repeat(factor.variable());
      } else if (element instanceof RowFactor row) {
        repeat(row.variable());
      } else if (element instanceof Residual residual) {
        repeatFactors(residual.inner());
      }
    }
  }

  private void repeat(String variable) {
    repeated.put(variable, new Copies(text).of(variable));
  }

  /**
   * Writes the way of seeds {@code first} to {@code first + g} through a chain.
   *
   * @param chain what lies between the seeds and the result
   * @param seeds how many there are
   * @return the variable that holds the result, (g · t, …)
   */
  String write(List<Element> chain, int seeds) {
    int last = chain.size() - 1;
    if (last >= 0 && chain.get(last) instanceof Dense dense) {
      intercept.ofOutputs(dense);
      boolean factor = last > 0 && chain.get(last - 1) instanceof Factor;
      String seed = factor ? seed(dense, (Factor) chain.get(last - 1)) : seed(dense);
      return walk(chain.subList(0, factor ? last - 1 : last), seed);
    }
    return walk(chain, seed(new Dense(Matrix.identity(seeds))));
  }

  /** Rows of the matrix, each multiplied by the factor of every row of the tile. */
  private String seed(Dense dense, Factor factor) {
    String result = text.name("g");
    text.line(
        "%s = torch.reshape(torch.mul(torch.unsqueeze(%s, 1), torch.unsqueeze(%s, 0)), [g * t, %d])",
        result, rows(dense), factor.variable(), dense.matrix().inputs());
    return result;
  }

  private String seed(Dense dense) {
    int width = dense.matrix().inputs();
    String result = text.name("g");
    text.line(
        "%s = torch.reshape(torch.expand(torch.unsqueeze(%s, 1), [g, t, %d]), [g * t, %d])",
        result, rows(dense), width, width);
    return result;
  }

  private String rows(Dense dense) {
    return "torch.slice(" + operands.add(dense.matrix()) + ", 0, first, first + g)";
  }

  private String walk(List<Element> chain, String start) {
    String current = start;
    for (int i = chain.size() - 1; i >= 0; i--) {
      Element element = chain.get(i);
      if (element instanceof Dense dense) {
        intercept.at(dense, current);
      }
      if (element instanceof Dense dense && i > 0 && chain.get(i - 1) instanceof Factor factor) {
        current = assign(products.productTimes(current, turned(dense), all(factor.variable())));
        i--;
      } else {
        current = step(element, current);
      }
    }
    return current;
  }

  private String step(Element element, String current) {
    if (element instanceof Dense dense) {
      return assign(products.product(current, turned(dense)));
    }
    if (element instanceof Factor factor) {
      return assign("torch.mul(%s, %s)".formatted(current, all(factor.variable())));
    }
    if (element instanceof RowFactor row) {
      return assign("torch.mul(%s, %s)".formatted(current, all(row.variable())));
    }
    if (element instanceof Centre) {
      return assign("torch.sub(%s, torch.mean(%s, [1], True))".formatted(current, current));
    }
    if (element instanceof Scale scale) {
      return assign("torch.mul(%s, %s)".formatted(current, operands.add(scale.scale())));
    }
    String inner = walk(((Residual) element).inner(), current);
    return assign("torch.add(%s, %s)".formatted(current, inner));
  }

  /** Against the direction of the forward pass a product's outputs are its inputs. */
  private static Matrix turned(Dense dense) {
    return dense.matrix().transposed();
  }

  /** The copies of a factor for the g seeds at hand; the last group may be smaller. */
  private String all(String variable) {
    return "torch.slice(%s, 0, 0, g * t)".formatted(repeated.get(variable));
  }

  private String assign(String expression) {
    String result = text.name("g");
    text.line("%s = %s", result, expression);
    return result;
  }
}
