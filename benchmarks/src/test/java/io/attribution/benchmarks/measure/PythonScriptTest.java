package io.attribution.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonScriptTest {
  @TempDir private Path directory;

  @Test
  void namesWhatTheInterpreterLacks() throws IOException {
    Path python =
        interpreter("echo out; echo Traceback >&2; echo \"No module 'torch'\" >&2; exit 1");
    assertThatThrownBy(() -> script(python).run(List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--python " + python + ": No module 'torch'; install");
  }

  @Test
  void namesAnInterpreterThatDoesNotStart() {
    Path python = directory.resolve("none");
    assertThatThrownBy(() -> script(python).run(List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--python " + python)
        .hasMessageContaining("requirements.txt");
  }

  @Test
  void returnsStandardOutputOnly() throws IOException {
    Path python = interpreter("echo warning >&2; echo \"$1 $2\"");
    assertThat(script(python).run(List.of(7)))
        .asString()
        .isEqualTo(directory.resolve("benchmarks/peers/peer.py") + " 7\n");
  }

  private PythonScript script(Path python) {
    return new PythonScript(python, directory, "peer.py");
  }

  private Path interpreter(String script) throws IOException {
    Path file = directory.resolve("python");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
