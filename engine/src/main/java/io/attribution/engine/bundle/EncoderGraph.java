package io.attribution.engine.bundle;

import java.util.List;
import java.util.Map;

/**
 * An encoder as a graph of PyTorch's operators, in the order of execution: what {@code
 * torch.export} gives. A node refers only to the input and to earlier nodes, so that there are no
 * cycles.
 *
 * @param input the name of the encoder's input
 * @param nodes each with a name of its own
 * @param output the node that is the embedding
 * @param tensors the constants that the nodes name
 */
public record EncoderGraph(
    String input, List<Node> nodes, String output, Map<String, GraphTensor> tensors) {

  /**
   * One call of an operator.
   *
   * @param name what later nodes call its result
   * @param operator {@code aten.linear.default}, or {@code sym.add} for Python's + on sizes
   * @param arguments by position
   * @param keywords by name
   */
  public record Node(
      String name, String operator, List<Argument> arguments, Map<String, Argument> keywords) {}

  /** What an operator is called with. */
  public sealed interface Argument {

    /** The input, or the result of an earlier node. */
    record Result(String name) implements Argument {}

    /** A constant, by its name in {@link EncoderGraph#tensors}. */
    record Constant(String tensor) implements Argument {}

    /** An integer. */
    record Whole(long value) implements Argument {}

    /** A floating-point number; may be infinite or NaN. */
    record Real(double value) implements Argument {}

    /** True or False. */
    record Truth(boolean value) implements Argument {}

    /** A word, such as gelu's {@code tanh}, or einsum's equation. */
    record Word(String value) implements Argument {}

    /** A number's type, by PyTorch's name, such as float32. */
    record NumberType(String name) implements Argument {}

    /** A list; its entries may be lists. */
    record Items(List<Argument> items) implements Argument {}

    /** None. */
    record Nothing() implements Argument {}
  }
}
