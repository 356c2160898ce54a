package io.attribution.engine.internal.diagnosis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One function of an encoder's TorchScript text, read for one question: which operands are
 * constants. Products of two that are not make an encoder curved, though multiplication is in every
 * exact encoder, too.
 */
final class FunctionCode {
  private static final Pattern ASSIGNMENT = Pattern.compile("^\\s+(\\w+) = (.+)$");
  private static final Pattern ATTRIBUTE = Pattern.compile("\\w+\\.\\w+");
  private static final Pattern NOT_A_NAME =
      Pattern.compile(
          "torch\\.\\w+|CONSTANTS\\.c\\d+|\\bc\\[\\d+\\]|\\b(?:None|True|False)\\b|\\b\\d[\\w.+-]*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");
  private static final Pattern ABOUT_SHAPES =
      Pattern.compile("-> (?:NoneType|int|float|bool|str):");
  private static final Pattern CALL = Pattern.compile("torch\\.(mul|matmul|mm|bmm|div|sub)_?\\(");

  private final Set<String> constants = new HashSet<>();
  private int products;
  private int divisions;
  private boolean subtractsConstant;

  /**
   * @param text from after {@code def}
   */
  FunctionCode(String text) {
    if (!ABOUT_SHAPES.matcher(text).find()) {
      text.lines().forEach(this::read);
    }
  }

  private void read(String line) {
    Matcher calls = CALL.matcher(line);
    while (calls.find()) {
      count(calls.group(1), operands(line, calls.end()));
    }
    Matcher assignment = ASSIGNMENT.matcher(line);
    if (assignment.matches()) {
      String value = assignment.group(2);
      if (ATTRIBUTE.matcher(value).matches() || isConstant(value)) {
        constants.add(assignment.group(1));
      } else {
        constants.remove(assignment.group(1));
      }
    }
  }

  private void count(String operator, List<String> operands) {
    boolean left = !operands.isEmpty() && isConstant(operands.get(0));
    boolean right = operands.size() > 1 && isConstant(operands.get(1));
    switch (operator.toLowerCase(Locale.ROOT)) {
      case "div" -> divisions += right ? 0 : 1;
      case "sub" -> subtractsConstant |= right && !left && isTensor(operands.get(1));
      default -> products += left || right ? 0 : 1;
    }
  }

  /** Numbers are subtracted from sizes, too. */
  private static boolean isTensor(String operand) {
    return !operand.matches("[\\d.e+-]+");
  }

  private boolean isConstant(String expression) {
    Matcher names = NAME.matcher(NOT_A_NAME.matcher(expression).replaceAll(" "));
    while (names.find()) {
      if (!constants.contains(names.group())) {
        return false;
      }
    }
    return true;
  }

  /** The operands of a call, up to its closing parenthesis. */
  private static List<String> operands(String line, int from) {
    List<String> operands = new ArrayList<>();
    int depth = 0;
    int start = from;
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean end = depth == 0 && (c == ')' || c == ',');
      if (end) {
        operands.add(line.substring(start, i).strip());
        start = i + 1;
      }
      if (end && c == ')') {
        break;
      }
      depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    }
    return operands;
  }

  /** Products of two operands that both depend on the inputs, as far as one can see. */
  int products() {
    return products;
  }

  /** Divisions by something that depends on the inputs, as far as one can see. */
  int divisions() {
    return divisions;
  }

  /** Whether an attribute of the module, or a constant, is subtracted from something. */
  boolean subtractsConstant() {
    return subtractsConstant;
  }
}
