package io.attribution.engine.internal.graph;

import java.util.List;
import java.util.Optional;

/**
 * The text of a program that computes an encoder, a class named Kernel with these methods. x is (n,
 * …), w the operands, c what {@code constants} returns, s a number in an array, which counts as 1.
 *
 * <ul>
 *   <li>{@code constants(w, s)}: what depends on no input
 *   <li>{@code forward(x, c)}: z, (n, O)
 *   <li>{@code homogeneous(x, c, s)}: the same with every additive constant times s, if there is a
 *       text for that
 * </ul>
 *
 * @param text with the methods but homogeneous
 * @param homogeneous with all of them; nothing where no constant is added
 * @param derivative a program of its own, of {@code constants} and two methods more, if every
 *     operator has a rule: {@code widest(x, c)}, numbers of the largest array, and {@code
 *     linearize(x, c, most, z, jacobian)}, which fills z (n, O) and J (n, O, K), so many rows at a
 *     time
 * @param obstacle the first operator without a rule, with its node; empty where a derivative is
 * @param operands the names of the graph's tensors that w holds, in this order
 */
public record GraphSource(
    String text,
    Optional<String> homogeneous,
    Optional<String> derivative,
    Optional<String> obstacle,
    List<String> operands) {

  GraphSource withDerivative(String program) {
    return new GraphSource(text, homogeneous, Optional.of(program), Optional.empty(), operands);
  }

  GraphSource withoutDerivative(String operator) {
    return new GraphSource(text, homogeneous, Optional.empty(), Optional.of(operator), operands);
  }
}
