package io.attribution.engine.internal.jacobian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.internal.torchscript.TorchScriptFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FastOperatorsTest {
  private static final String PRELU = encoder("torch.prelu(x, w)");
  private static final String LINEAR = encoder("torch.linear(x, w)");

  /** An operator's values, followed by its gradient for ascending seeds. */
  private static final String GRADIENT =
      """
      class Kernel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Kernel, y: Tensor, x: Tensor) -> Tensor:
          seed = torch.reshape(torch.arange(torch.numel(y), dtype=ops.prim.dtype(y)), torch.size(y))
          seeds = annotate(List[Optional[Tensor]], [torch.div(seed, torch.numel(y))])
          g = torch.autograd.grad([y], [x], seeds, False, False)[0]
          flat = torch.reshape(unchecked_cast(Tensor, g), [-1])
          return torch.detach(torch.cat([torch.reshape(y, [-1]), flat], 0))
      """;

  @TempDir private Path folder;

  private static String encoder(String operator) {
    return """
        class Kernel(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def forward(self: __torch__.Kernel, x: Tensor, w: Tensor) -> Tensor:
            return %s
        """
        .formatted(operator);
  }

  @ParameterizedTest
  @CsvSource({"7, 1", "6x5, 1", "6x5, 5", "3x4x5, 4", "3x4x5x6, 4", "3x4x5x6, 1", "1x2, 2"})
  void preluIsTheSameToTheLastBit(String input, String slopes) throws IOException {
    assertThat(run(copied(PRELU), input, slopes, DataType.FLOAT32))
        .containsExactly(run(file(PRELU), input, slopes, DataType.FLOAT32));
  }

  /**
   * From the third on they are large enough for the other product, which wants two axes of weights.
   */
  @ParameterizedTest
  @CsvSource({
    "3x4, 5x4",
    "2x3x4, 5x4",
    "1024x256, 256x256",
    "8x128x256, 256x256",
    "64x1024, 1024x1024",
    "1024x256, 256"
  })
  void linearIsTheSameUpToTheOrderOfItsSums(String input, String weight) throws IOException {
    requireSame(LINEAR, input, weight);
  }

  /** A strided one, which oneDNN would read wrongly; others that it does not know, or ignores. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.select(w, 1, 0)",
        "torch.reshape(torch.select(w, 1, 0), [1, -1])",
        "torch.slice(torch.select(w, 1, 0), 0, 0, 1)",
        "torch.select(torch.select(w, 1, 0), 0, 3)"
      })
  void everyBiasIsAdded(String bias) throws IOException {
    requireSame(encoder("torch.linear(x, w, " + bias + ")"), "1024x256", "256x256");
    requireSame(encoder("torch.linear(x, w, bias=" + bias + ")"), "8x256", "256x256");
  }

  @Test
  void largeProductsOfATransposedWeight() throws IOException {
    requireSame(encoder("torch.linear(x, torch.t(w))"), "1024x256", "256x256");
  }

  private void requireSame(String text, String input, String weight) throws IOException {
    float[] own = run(file(text), input, weight, DataType.FLOAT32);
    float[] fast = run(copied(text), input, weight, DataType.FLOAT32);
    assertThat(fast).hasSameSizeAs(own);
    double scale = 1;
    double distance = 0;
    for (int i = 0; i < own.length; i++) {
      scale = Math.max(scale, Math.abs(own[i]));
      distance = Math.max(distance, Math.abs(own[i] - fast[i]));
    }
    assertThat(distance / scale).isCloseTo(0, within(5e-6));
  }

  /** oneDNN has no product in float64. */
  @Test
  void largeProductsInFloat64StayWhatTheyAre() throws IOException {
    assertThat(run(copied(LINEAR), "1024x256", "256x256", DataType.FLOAT64))
        .containsExactly(run(file(LINEAR), "1024x256", "256x256", DataType.FLOAT64));
  }

  @Test
  void onlyCallsAreReplaced() {
    String code =
        """
        y = torch.linear(x, w, None)
        z = torch.prelu(y, s)
        a = __torch__.torch.linear(x)
        b = my_torch.prelu(x)
        ops.prim.RaiseException("torch.linear(x) of \\"torch.prelu(x)\\"", 'torch.prelu(')
        c = torch.linear_other(x)
        """;

    assertThat(FastOperators.replace(code))
        .isEqualTo(
            code.replace("y = torch.linear(", "y = __torch__.attribution_operators.linear(")
                .replace("z = torch.prelu(", "z = __torch__.attribution_operators.prelu("));
  }

  @Test
  void aFileWithoutThemIsNotCopied() throws IOException {
    Path to = folder.resolve("copy.pt");
    assertThat(FastOperators.copy(file(encoder("torch.mul(x, w)")), to)).isFalse();
    assertThat(to).doesNotExist();
  }

  /** oneDNN's product has no second derivative. */
  @Test
  void anEncoderThatTakesGradientsIsNotCopied() throws IOException {
    String text = GRADIENT + "    z = torch.linear(x, y)\n";
    assertThat(FastOperators.copy(file(text), folder.resolve("copy.pt"))).isFalse();
  }

  @Test
  void longStringsAreReadWithoutASpecialStack() {
    String text = "s = \"" + "a\\\"b".repeat(500_000) + "\"\ny = torch.prelu(x, w)\n";
    assertThat(FastOperators.replace(text))
        .endsWith("__torch__.attribution_operators.prelu(x, w)\n");
  }

  @Test
  void whatIsNoArchiveIsAnIoFault() throws IOException {
    Path text = Files.writeString(folder.resolve("encoder.pt"), "no archive");
    assertThatThrownBy(() -> FastOperators.copy(text, folder.resolve("copy.pt")))
        .isInstanceOf(IOException.class);
  }

  private Path file(String text) throws IOException {
    return Files.write(folder.resolve("own.pt"), TorchScriptFile.ofProgram(text));
  }

  private Path copied(String text) throws IOException {
    Path to = folder.resolve("fast.pt");
    assertThat(FastOperators.copy(file(text), to)).isTrue();
    return to;
  }

  private static float[] run(Path program, String input, String weight, DataType type) {
    try (NDManager scope = PyTorch.newScope(Device.cpu());
        PtSymbolBlock module =
            JniUtils.loadModule(
                (PtNDManager) scope, program, true, new String[0], new String[0], true);
        PtSymbolBlock gradient = PyTorch.program(scope, GRADIENT)) {
      NDArray x = values(scope, input, type);
      x.setRequiresGradient(true);
      JniUtils.setGradMode(true);
      NDArray y =
          IValueUtils.forward(module, new NDList(x, values(scope, weight, type)), true).head();
      NDArray result = IValueUtils.forward(gradient, new NDList(y, x), true).head();
      return result.toType(DataType.FLOAT32, true).toFloatArray();
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /** Between -1 and 1, with a zero in the middle. */
  private static NDArray values(NDManager scope, String shape, DataType type) {
    long[] sizes = Pattern.compile("x").splitAsStream(shape).mapToLong(Long::parseLong).toArray();
    int size = (int) new Shape(sizes).size();
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = i == size / 2 ? 0 : ((i * 7919L) % 2003) / 1001.5f - 1;
    }
    return scope.create(values, new Shape(sizes)).toType(type, true);
  }
}
