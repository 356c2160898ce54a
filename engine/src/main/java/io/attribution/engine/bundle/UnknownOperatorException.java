package io.attribution.engine.bundle;

/** An operator of a graph that is part of no layer that is known; the message names it. */
final class UnknownOperatorException extends Exception {
  private static final long serialVersionUID = 1L;

  UnknownOperatorException(String operator) {
    super(operator);
  }
}
