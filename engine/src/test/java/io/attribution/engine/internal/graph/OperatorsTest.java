package io.attribution.engine.internal.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.attribution.engine.internal.graph.Operator.Parameter;
import io.attribution.engine.internal.graph.Operator.Result.Kind;
import io.attribution.engine.internal.torch.PyTorch;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OperatorsTest {
  @Test
  void readsSchemas() {
    Operator operator =
        Operator.parse(
            "aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], *,"
                + " Tensor?[] more=[0, 0]) -> (Tensor, Tensor(a)[])");

    assertThat(operator.name()).isEqualTo("max_pool2d");
    assertThat(operator.overload()).isEqualTo("default");
    assertThat(operator.parameters())
        .containsExactly(
            new Parameter("Tensor", "self", false, false),
            new Parameter("int[2]", "kernel_size", false, false),
            new Parameter("int[2]", "stride", true, false),
            new Parameter("Tensor?[]", "more", true, true));
    assertThat(operator.result()).isEqualTo(new Operator.Result(Kind.TUPLE, 2));
    assertThat(operator.inPlace()).isFalse();
    assertThat(Operator.parse("aten::relu_(Tensor(a!) self) -> Tensor(a!)").inPlace()).isTrue();
  }

  /** What libtorch does not have, or names otherwise, it refuses when it reads a program. */
  @Test
  void libtorchHasEveryOperator() {
    StringBuilder text =
        new StringBuilder(
            "class Kernel(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n");
    int number = 0;
    for (Operator operator : new TreeMap<>(Operators.all()).values()) {
      text.append(method(operator, "m" + number++));
    }
    try (NDManager scope = PyTorch.newScope(Device.cpu())) {
      PyTorch.program(scope, text.toString()).close();
    }
    assertThat(number).isGreaterThan(600);
  }

  /** Calls it with every argument that a graph may give. */
  private static String method(Operator operator, String name) {
    List<Parameter> parameters =
        operator.parameters().stream()
            .filter(p -> !p.type().matches("(Device|Layout|MemoryFormat).*"))
            .filter(p -> !p.name().equals("pin_memory"))
            .toList();
    List<String> declared = new ArrayList<>(List.of("self: __torch__.Kernel"));
    parameters.forEach(p -> declared.add("a_" + p.name() + ": " + type(p)));
    String arguments =
        parameters.stream()
            .map(p -> p.keywordOnly() ? p.name() + "=a_" + p.name() : "a_" + p.name())
            .collect(Collectors.joining(", "));
    String called =
        operator.name().startsWith("sym_") ? operator.name().substring(4) : operator.name();
    return String.format(
        "  def %s(%s) -> int:%n    r = torch.%s(%s)%n    return 0%n",
        name, String.join(", ", declared), called, arguments);
  }

  private static String type(Parameter parameter) {
    String item =
        switch (parameter.baseType()) {
          case "SymInt", "ScalarType" -> "int";
          case "Scalar" -> "number";
          default -> parameter.baseType();
        };
    String entry = parameter.hasOptionalItems() ? "Optional[" + item + "]" : item;
    String type = parameter.isList() ? "List[" + entry + "]" : entry;
    boolean optional = parameter.type().endsWith("?");
    return optional ? "Optional[" + type + "]" : type;
  }
}
