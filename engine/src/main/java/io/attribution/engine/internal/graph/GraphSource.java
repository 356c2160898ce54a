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
 * @param operands the names of the graph's tensors that w holds, in this order
 */
public record GraphSource(String text, Optional<String> homogeneous, List<String> operands) {}
