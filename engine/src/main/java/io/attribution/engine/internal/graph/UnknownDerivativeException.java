package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Node;
import io.attribution.engine.bundle.Printable;

/** A graph calls an operator whose derivative has no rule. The message is operator and node. */
final class UnknownDerivativeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownDerivativeException(Node node) {
    super(Printable.excerpt(node.operator()) + " (" + Printable.excerpt(node.name()) + ")");
  }
}
