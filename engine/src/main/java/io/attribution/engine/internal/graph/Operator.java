package io.attribution.engine.internal.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of PyTorch's operators, as its schema describes it.
 *
 * @param name without the namespace, such as max_pool2d
 * @param overload such as default or dim
 * @param parameters in order; those that take keywords only come last
 * @param result what it returns
 * @param inPlace whether it changes its first argument
 * @param isView whether what it returns may share memory with an argument that it does not change
 */
record Operator(
    String name,
    String overload,
    List<Parameter> parameters,
    Result result,
    boolean inPlace,
    boolean isView) {
  /** {@code aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, …)}. */
  private static final Pattern SCHEMA =
      Pattern.compile("aten::(\\w+)(?:\\.(\\w+))?\\((.*)\\) -> (.*)");

  private static final Pattern PARAMETER = Pattern.compile("(\\S+) (\\w+)(=.*)?");

  /** Which results share memory, and with ! which arguments are written to. */
  private static final Pattern ALIAS = Pattern.compile("\\([a-z]+(!?)(?: -> [^)]*)?\\)");

  /**
   * What an operator takes.
   *
   * @param type such as Tensor, int[2] or Scalar?
   */
  record Parameter(String type, String name, boolean optional, boolean keywordOnly) {

    /** Without its list and whether it may be None: Tensor of {@code Tensor?[]}. */
    String baseType() {
      return type.replaceAll("\\?|\\[\\d*]", "");
    }

    /** int[] of {@code int[]?}: whether it takes a list. */
    boolean isList() {
      return type.contains("[");
    }

    /** Whether a single number may stand for the list: {@code int[2]}. */
    boolean isBroadcast() {
      return type.matches("\\w+\\[\\d+]\\??");
    }

    /** Whether the list's entries may be None. */
    boolean hasOptionalItems() {
      return type.contains("?[");
    }
  }

  /**
   * What an operator returns.
   *
   * @param kind what it is
   * @param count how many tensors of a tuple
   */
  record Result(Kind kind, int count) {
    enum Kind {
      TENSOR,
      TENSORS,
      TUPLE,
      NUMBER
    }
  }

  /** Reads a schema as PyTorch prints it. */
  static Operator parse(String schema) {
    Matcher parts = SCHEMA.matcher(schema);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no schema: " + schema);
    }
    String overload = parts.group(2) == null ? "default" : parts.group(2);
    return new Operator(
        parts.group(1),
        overload,
        parameters(plain(parts.group(3))),
        result(plain(parts.group(4))),
        parts.group(3).contains("!"),
        parts.group(3).contains("(a)") || parts.group(3).contains("(a ->"));
  }

  private static String plain(String text) {
    return ALIAS.matcher(text).replaceAll("");
  }

  private static List<Parameter> parameters(String text) {
    List<Parameter> parameters = new ArrayList<>();
    boolean keywordOnly = false;
    for (String entry : split(text)) {
      if (entry.equals("*")) {
        keywordOnly = true;
        continue;
      }
      Matcher parts = PARAMETER.matcher(entry);
      if (!parts.matches()) {
        throw new IllegalArgumentException("no parameter: " + entry);
      }
      parameters.add(
          new Parameter(parts.group(1), parts.group(2), parts.group(3) != null, keywordOnly));
    }
    return List.copyOf(parameters);
  }

  /** At the commas that stand in no list of defaults. */
  private static List<String> split(String text) {
    List<String> entries = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (c == ',' && depth == 0) {
        entries.add(text.substring(from, i).strip());
        from = i + 1;
      }
    }
    String last = text.substring(from).strip();
    if (!last.isEmpty()) {
      entries.add(last);
    }
    return entries;
  }

  private static Result result(String text) {
    if (text.startsWith("(")) {
      return new Result(Result.Kind.TUPLE, split(text.substring(1, text.length() - 1)).size());
    }
    return new Result(
        switch (text) {
          case "Tensor" -> Result.Kind.TENSOR;
          case "Tensor[]" -> Result.Kind.TENSORS;
          default -> Result.Kind.NUMBER;
        },
        1);
  }
}
