package io.attribution.engine.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.jacobian.Kernel;
import io.attribution.engine.jacobian.PyTorch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class KernelArchiveTest {
  private static final KernelTarget FLOAT32 = new KernelTarget(false, false);
  private static final String PROGRAM =
      """
      class Kernel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def attribute(self: __torch__.Kernel, x: Tensor, w: List[Tensor], out: List[Tensor]) -> int:
          torch.copy_(out[0], torch.mul(x, w[0]))
          return 0
      """;

  @Test
  void holdsTheFilesThatTorchScriptLooksFor() throws IOException {
    Map<String, byte[]> files = unzip(KernelArchive.of(PROGRAM));

    assertThat(files.keySet())
        .containsExactly(
            "kernel/data.pkl",
            "kernel/code/__torch__.py",
            "kernel/constants.pkl",
            "kernel/version",
            "kernel/byteorder");
    assertThat(files.get("kernel/code/__torch__.py")).asString(UTF_8).isEqualTo(PROGRAM);
    assertThat(files.get("kernel/version")).asString(UTF_8).isEqualTo("3\n");
    assertThat(files.get("kernel/byteorder")).asString(UTF_8).isEqualTo("little");
  }

  @Test
  void keepsTextThatIsNotAscii() throws IOException {
    Map<String, byte[]> files = unzip(KernelArchive.of("# ∂z/∂e"));

    assertThat(files.get("kernel/code/__torch__.py")).asString(UTF_8).isEqualTo("# ∂z/∂e");
  }

  @Test
  void isTheSameEveryTimeButForTheClock() throws IOException {
    Map<String, byte[]> files = unzip(KernelArchive.of(PROGRAM));

    assertThat(unzip(KernelArchive.of(PROGRAM))).usingRecursiveComparison().isEqualTo(files);
  }

  @Test
  void isAProgramForLibtorch() {
    Operand three = new Operand(List.of(1), new double[] {3}, false);
    KernelSource source =
        new KernelSource(PROGRAM, List.of(three), List.of(KernelSource.Output.EMBEDDING));
    try (NDManager scope = PyTorch.newScope(Device.cpu());
        Kernel kernel = new Kernel(source, FLOAT32, Device.cpu())) {
      NDArray result = scope.zeros(new Shape(2));

      kernel.attribute(scope.create(new float[] {1, 2}), List.of(result));

      assertThat(result.toFloatArray()).containsExactly(3, 6);
    }
  }

  @Test
  void isRefusedWhereTheTextIsNoProgram() {
    KernelSource source =
        new KernelSource(PROGRAM.replace("out[0]", "nowhere"), List.of(), List.of());

    assertThatThrownBy(() -> new Kernel(source, FLOAT32, Device.cpu()).close())
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("nowhere");
  }

  /** By name, in order; every file is stored as it is, as libtorch reads it. */
  private static Map<String, byte[]> unzip(byte[] archive) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        assertThat(entry.getMethod()).as(entry.getName()).isEqualTo(ZipEntry.STORED);
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }
}
