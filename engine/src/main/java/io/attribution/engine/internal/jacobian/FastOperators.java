package io.attribution.engine.internal.jacobian;

import io.attribution.engine.internal.torchscript.TorchScriptFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Copies a TorchScript file so that it calls other operators where libtorch's own are slow on a
 * CPU. They compute the same values and derivatives: {@code prelu} to the last bit, {@code linear}
 * up to the order of its sums. Weights and everything else in the file stay as they are.
 *
 * <ul>
 *   <li>{@code prelu}'s backward pass computes the slope's gradient for every element, wanted or
 *       not, one element at a time. Here it is a product with an array of slopes.
 *   <li>{@code linear} is MKL's matrix product, which uses AVX2 on AMD processors. oneDNN's uses
 *       AVX-512; it lays the weights out anew at each call, which only large products repay, and
 *       takes a bias for contiguous, whatever its strides say.
 * </ul>
 */
final class FastOperators {
  private static final String MODULE = "attribution_operators";

  /** Multiply-adds from which on oneDNN's product is faster; see docs/decisions/0010. */
  private static final int LARGE_PRODUCT = 1 << 26;

  /** What the operators refuse, or take otherwise, is left to libtorch's own. */
  private static final String OPERATORS =
      """
      def prelu(x: Tensor,
          weight: Tensor) -> Tensor:
        one = torch.eq(torch.numel(weight), 1)
        usual = False
        if torch.eq(torch.dim(x), 1):
          usual = one
        if torch.gt(torch.dim(x), 1):
          usual = one or torch.eq(torch.size(x, 1), torch.numel(weight))
        strided = torch.eq(ops.prim.layout(x), 0) and torch.le(torch.dim(weight), 1)
        if usual and strided and torch.eq(ops.prim.dtype(x), ops.prim.dtype(weight)):
          slopes = weight
          if torch.__not__(one):
            shape = torch.mul([1], torch.dim(x))
            shape[1] = -1
            slopes = torch.reshape(weight, shape)
          y = torch.mul(x, torch.where(torch.gt(x, 0), 1., slopes))
        else:
          y = torch.prelu(x, weight)
        return y
      def plain(x: Tensor) -> bool:
        return torch.eq(ops.prim.layout(x), 0) and torch.eq(ops.prim.dtype(x), 6)
      def linear(x: Tensor,
          weight: Tensor,
          bias: Optional[Tensor]=None) -> Tensor:
        large = False
        if torch.eq(torch.dim(weight), 2) and torch.gt(torch.dim(x), 1):
          large = torch.ge(torch.mul(torch.numel(x), torch.size(weight, 0)), %d)
        if large:
          large = __torch__.attribution_operators.plain(x)
        if large:
          large = __torch__.attribution_operators.plain(weight)
        b = annotate(Optional[Tensor], None)
        if torch.__isnot__(bias, None):
          given = unchecked_cast(Tensor, bias)
          b = annotate(Optional[Tensor], torch.contiguous(given))
          if large:
            large = __torch__.attribution_operators.plain(given) and torch.eq(torch.dim(given), 1)
          if large:
            large = torch.eq(torch.size(given, 0), torch.size(weight, 0))
        if large:
          y = torch.to_dense(torch.mkldnn_linear(torch.to_mkldnn(x), weight, b))
        else:
          y = torch.linear(x, weight, bias)
        return y
      """
          .formatted(LARGE_PRODUCT);

  /**
   * A call of either operator, or a string, in which nothing is replaced. Possessive: a string may
   * be long, and Java's greedy loops over groups take a frame for each turn.
   */
  private static final Pattern CALL =
      Pattern.compile(
          "\"(?:[^\"\\\\]++|\\\\.)*+\"|'(?:[^'\\\\]++|\\\\.)*+'|(?<![\\w.])torch\\.(prelu|linear)\\(");

  /** oneDNN's product cannot be derived twice, as an encoder that takes gradients itself may. */
  private static final String TAKES_GRADIENTS = "autograd.grad(";

  private FastOperators() {}

  /**
   * Writes the copy.
   *
   * @return whether the file calls an operator to replace; if not, nothing was written
   * @throws IOException when the file is no zip archive, or cannot be read or written
   */
  static boolean copy(Path torchScript, Path to) throws IOException {
    try (TorchScriptFile file = TorchScriptFile.open(torchScript)) {
      Map<String, String> replaced = replaced(file.code());
      if (replaced.isEmpty()) {
        return false;
      }
      file.copy(to, replaced, MODULE, OPERATORS);
      return true;
    }
  }

  /** The modules that {@link #replace}d code calls, by their names. */
  static Map<String, String> modules() {
    return Map.of(MODULE, OPERATORS);
  }

  /** The new code of every entry that calls one of the operators. */
  private static Map<String, String> replaced(Map<String, String> code) {
    Map<String, String> replaced = new HashMap<>();
    for (Map.Entry<String, String> entry : code.entrySet()) {
      if (entry.getValue().contains(TAKES_GRADIENTS)) {
        return Map.of();
      }
      String fast = replace(entry.getValue());
      if (!fast.equals(entry.getValue())) {
        replaced.put(entry.getKey(), fast);
      }
    }
    return replaced;
  }

  /** The code with calls of the faster operators. */
  static String replace(String code) {
    return CALL.matcher(code)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(1) == null
                        ? match.group()
                        : "__torch__." + MODULE + "." + match.group(1) + "("));
  }
}
