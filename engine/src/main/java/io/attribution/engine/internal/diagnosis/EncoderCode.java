package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.internal.graph.GraphCompiler;
import io.attribution.engine.internal.torchscript.TorchScriptFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an encoder's own description says it is made of. It rules causes out, and decides between
 * those that outputs alone cannot tell apart; it never makes a cause on its own.
 */
final class EncoderCode {
  /** Code is some kilobytes; a file that claims more is not read. */
  private static final long MAX_BYTES = 4L << 20;

  private static final Pattern OPERATOR =
      Pattern.compile("(?<![\\w.])(?:torch|ops\\.\\w+)\\.(\\w+)\\(");
  private static final Pattern CAST_TO_16_BITS =
      Pattern.compile("torch\\.(?:half|bfloat16)\\(|torch\\.to\\(.*, (?:5|15)[,)]");
  private static final Pattern BIAS =
      Pattern.compile(
          "(?m)^\\s+\\w*bias\\w* : Tensor$|torch\\.(?:linear|conv\\w*|layer_norm)\\(.*,"
              + " (?:CONSTANTS\\.c\\d+, CONSTANTS\\.c\\d+|c\\[\\d+\\], c\\[\\d+\\])[,)]");
  private static final Pattern FUNCTION = Pattern.compile("(?m)^\\s*def ");

  private final boolean readable;
  private final Map<String, Integer> operators;
  private final boolean bias;
  private final List<FunctionCode> functions;
  private final boolean cast;

  private EncoderCode(
      boolean readable,
      Map<String, Integer> operators,
      boolean bias,
      List<FunctionCode> functions,
      boolean cast) {
    this.readable = readable;
    this.operators = operators;
    this.bias = bias;
    this.functions = functions;
    this.cast = cast;
  }

  /** Of layers in model.json: all they can do wrong is to add a bias. */
  static EncoderCode of(List<LayerSpec> layers) {
    return new EncoderCode(true, Map.of(), hasBias(layers), List.of(), false);
  }

  private static boolean hasBias(List<LayerSpec> layers) {
    for (LayerSpec layer : layers) {
      boolean own = layer instanceof LayerSpec.Linear linear && linear.bias().isPresent();
      if (own || (layer instanceof LayerSpec.Residual inner && hasBias(inner.layers()))) {
        return true;
      }
    }
    return false;
  }

  static EncoderCode of(EncoderGraph graph) {
    return parse(GraphCompiler.compile(graph, "model.json").text());
  }

  static EncoderCode of(Path torchScript) {
    try (TorchScriptFile file = TorchScriptFile.open(torchScript)) {
      String text = file.codeBytes() > MAX_BYTES ? "" : String.join("\n", file.code().values());
      return text.isEmpty() ? unreadable() : parse(text);
    } catch (IOException e) {
      return unreadable();
    }
  }

  static EncoderCode unreadable() {
    return new EncoderCode(false, Map.of(), false, List.of(), false);
  }

  /**
   * @param text code of all classes and functions of an encoder
   */
  static EncoderCode parse(String text) {
    Map<String, Integer> operators = new HashMap<>();
    Matcher calls = OPERATOR.matcher(text);
    while (calls.find()) {
      operators.merge(calls.group(1), 1, Integer::sum);
    }
    boolean bias = BIAS.matcher(text).find();
    boolean cast = CAST_TO_16_BITS.matcher(text).find();
    List<FunctionCode> functions =
        FUNCTION.splitAsStream(text).skip(1).map(FunctionCode::new).toList();
    return new EncoderCode(true, operators, bias, functions, cast);
  }

  boolean isReadable() {
    return readable;
  }

  boolean hasBias() {
    return bias || operators.containsKey("batch_norm");
  }

  boolean subtractsConstant() {
    return functions.stream().anyMatch(FunctionCode::subtractsConstant);
  }

  boolean castsTo16Bits() {
    return cast;
  }

  /** Operators that level off, by name. */
  Set<String> saturating() {
    return only(Operators.SATURATING::contains);
  }

  /** Operators that are curved or unknown. */
  Set<String> curvedOrStrange() {
    return only(
        name ->
            !Operators.EXACT.contains(name)
                && !Operators.SATURATING.contains(name)
                && !Operators.VARIANCE.contains(name)
                && !Operators.LIVE_NORM.contains(name));
  }

  /** Unknown operators. */
  Set<String> strange() {
    Set<String> strange = curvedOrStrange();
    strange.removeAll(Operators.CURVED);
    return strange;
  }

  private Set<String> only(Predicate<String> wanted) {
    Set<String> names = new TreeSet<>(operators.keySet());
    names.removeIf(wanted.negate());
    return names;
  }

  /** Whether there is a layer norm, or what one is written with. */
  boolean mayNormalize() {
    return count(Operators.LIVE_NORM) > 0
        || count(Set.of("var", "std", "var_mean", "std_mean")) > 0
        || (operators.containsKey("mean") && count(Set.of("sqrt", "rsqrt")) > 0);
  }

  /** Whether some variance is surely not detached: there are fewer detachments than variances. */
  boolean hasLiveVariance() {
    return count(Operators.LIVE_NORM) > 0 || variances() > count(Set.of("detach", "detach_"));
  }

  private int variances() {
    return Math.max(
        count(Set.of("var", "std", "var_mean", "std_mean")),
        operators.containsKey("mean") ? count(Set.of("sqrt", "rsqrt")) : 0);
  }

  /** Whether values that depend on the inputs are multiplied, or divided by other than a norm. */
  boolean multipliesValues() {
    return functions.stream().mapToInt(FunctionCode::products).sum() > 0
        || functions.stream().mapToInt(FunctionCode::divisions).sum() > variances();
  }

  /** Whether all it does is piecewise linear, except that it may add constants and round. */
  boolean isExactButForConstants() {
    return readable
        && saturating().isEmpty()
        && curvedOrStrange().isEmpty()
        && !multipliesValues()
        && !hasLiveVariance();
  }

  private int count(Set<String> names) {
    return names.stream().mapToInt(name -> operators.getOrDefault(name, 0)).sum();
  }
}
