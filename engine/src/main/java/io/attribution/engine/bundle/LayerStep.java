package io.attribution.engine.bundle;

import java.util.List;

/**
 * A step of an encoder on flat rows, before what scales and shifts single columns is folded into
 * its neighbours.
 */
sealed interface LayerStep {

  /** A layer as it is. */
  record Plain(LayerSpec layer) implements LayerStep {}

  /** x + inner(x). */
  record Skip(List<LayerStep> inner) implements LayerStep {}

  /** A normalisation whose variance is a constant for the derivative, times a scale. */
  record Norm(Vector scale, double eps) implements LayerStep {}

  /**
   * x·scale + shift, column by column.
   *
   * @param operator what it was read from, for messages
   */
  record Columns(Vector scale, Vector shift, String operator) implements LayerStep {
    /** With the step after it. */
    Columns then(Columns next) {
      return new Columns(
          scale.times(next.scale), shift.times(next.scale).plus(next.shift), next.operator);
    }

    boolean isNothing() {
      return scale.isAll(1) && shift.isAll(0);
    }
  }

  /**
   * x·weightᵀ + bias.
   *
   * @param weight [out · in], a row after the other
   * @param bias [out]
   */
  record Dense(Vector weight, Vector bias) implements LayerStep {
    int inputs() {
      return weight.size() / bias.size();
    }

    /** With the step after it. */
    Dense then(Columns next) {
      int inputs = inputs();
      return new Dense(
          Vector.of(weight.size(), i -> weight.get(i) * next.scale().get(i / inputs)),
          bias.times(next.scale()).plus(next.shift()));
    }

    /** With the step before it. */
    Dense after(Columns before) {
      int inputs = inputs();
      return new Dense(
          Vector.of(weight.size(), i -> weight.get(i) * before.scale().get(i % inputs)),
          Vector.of(
              bias.size(),
              o -> {
                double sum = bias.get(o);
                for (int i = 0; i < inputs; i++) {
                  sum += weight.get(o * inputs + i) * before.shift().get(i);
                }
                return sum;
              }));
    }
  }
}
