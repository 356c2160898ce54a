package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubjectTest {
  @TempDir private Path directory;

  @Test
  void saysWhatTheInterpreterLacks() throws IOException {
    Path python = interpreter("echo Traceback; echo \"ModuleNotFoundError: 'torch'\" >&2; exit 1");

    assertThatThrownBy(() -> Subject.requireReady(python, directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("--python " + python + ": ModuleNotFoundError: 'torch'; install");
  }

  @Test
  void saysThatThereIsNoInterpreter() {
    Path python = directory.resolve("none");

    assertThatThrownBy(() -> Subject.requireReady(python, directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("--python " + python)
        .hasMessageContaining("requirements.txt");
  }

  @Test
  void takesOneThatKnowsThePeersOptions() throws IOException {
    Path python = interpreter("[ \"$1 $2\" = \"benchmarks/peers/stream_consumer.py --help\" ]");

    assertThatCode(() -> Subject.requireReady(python, Path.of(""))).doesNotThrowAnyException();
  }

  private Path interpreter(String script) throws IOException {
    Path file = directory.resolve("python");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
