package io.attribution.engine.internal.torchscript;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchScriptFileTest {
  @TempDir Path folder;

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
    Map<String, byte[]> files = unzip(TorchScriptFile.ofProgram(PROGRAM));

    assertThat(files.keySet())
        .containsExactly(
            "kernel/data.pkl",
            "kernel/code/__torch__.py",
            "kernel/constants.pkl",
            "kernel/version",
            "kernel/byteorder");
    assertThat(files.get("kernel/code/__torch__.py")).asString(UTF_8).isEqualTo(PROGRAM);
    assertThat(files.get("kernel/version")).asString(UTF_8).isEqualTo("10\n");
    assertThat(files.get("kernel/byteorder")).asString(UTF_8).isEqualTo("little");
  }

  @Test
  void keepsTextThatIsNotAscii() throws IOException {
    Map<String, byte[]> files = unzip(TorchScriptFile.ofProgram("# ∂z/∂e"));

    assertThat(files.get("kernel/code/__torch__.py")).asString(UTF_8).isEqualTo("# ∂z/∂e");
  }

  @Test
  void isTheSameEveryTimeButForTheClock() throws IOException {
    Map<String, byte[]> files = unzip(TorchScriptFile.ofProgram(PROGRAM));

    assertThat(unzip(TorchScriptFile.ofProgram(PROGRAM)))
        .usingRecursiveComparison()
        .isEqualTo(files);
  }

  /** Weights and constants stay; positions in code that changed go. */
  @Test
  void copiesAllButTheCodeThatIsReplaced() throws IOException {
    Path from = Files.write(folder.resolve("from.pt"), TorchScriptFile.ofProgram(PROGRAM));
    Path to = folder.resolve("to.pt");
    try (TorchScriptFile file = TorchScriptFile.open(from)) {
      assertThat(file.code()).containsExactly(Map.entry("kernel/code/__torch__.py", PROGRAM));
      assertThat(file.codeBytes()).isEqualTo(PROGRAM.length());

      file.copy(to, Map.of("kernel/code/__torch__.py", "other"), "added", "functions");
    }

    Map<String, byte[]> files = unzip(Files.readAllBytes(to));
    assertThat(files.get("kernel/code/__torch__.py")).asString(UTF_8).isEqualTo("other");
    assertThat(files.get("kernel/code/__torch__/added.py")).asString(UTF_8).isEqualTo("functions");
    assertThat(files.keySet()).containsAll(unzip(TorchScriptFile.ofProgram(PROGRAM)).keySet());
    assertThat(files.get("kernel/data.pkl"))
        .isEqualTo(unzip(Files.readAllBytes(from)).get("kernel/data.pkl"));
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
