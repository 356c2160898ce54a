package io.attribution.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.bundle.BundleFixture;
import io.attribution.engine.bundle.HostileBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bundles made to hurt end in exit code 3 and one line, and leave nothing behind. */
class HostileBundleTest {
  private static final int LONGEST_LINE = 3000;

  @TempDir Path folder;

  static List<HostileBundle> bundles() {
    return HostileBundle.all();
  }

  @Test
  void areManyAndDiffer() {
    assertThat(bundles()).hasSizeGreaterThanOrEqualTo(60);
    assertThat(bundles()).extracting(HostileBundle::name).doesNotHaveDuplicates();
  }

  /** A pipe or a device would block for ever, where other failures end by themselves. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("bundles")
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void areRefusedInOneLine(HostileBundle hostile) throws IOException {
    Path bundle = hostile.write(folder.resolve("bundle"));
    List<Path> before = temporaryFiles();

    CommandRun validate = CommandRun.of("bundle", "validate", bundle);
    CommandRun explain =
        CommandRun.of("explain", "--bundle", bundle, "--input", "-", "--output", "-");

    for (CommandRun run : List.of(validate, explain)) {
      assertThat(run.exit()).isEqualTo(3);
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .startsWith("attribution: " + bundle)
          .contains(hostile.words())
          .hasLineCount(1)
          .hasSizeLessThan(LONGEST_LINE);
      assertThat(run.err().strip().chars()).noneMatch(Character::isISOControl);
    }
    assertThat(temporaryFiles()).isEqualTo(before);
  }

  private static List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("attribution-encoder"))
          .toList();
    }
  }

  /** As Kubernetes mounts a ConfigMap. */
  @Test
  void linksWithinAVolumeAreFollowed() throws IOException {
    BundleFixture.linear(folder.resolve("..2026_11_30")).write();
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_11_30"));
    for (String file : List.of("model.json", "tensors.safetensors")) {
      Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
    }

    CommandRun run = CommandRun.of("bundle", "validate", folder);

    assertThat(run.exit()).isZero();
    assertThat(run.out()).endsWith("verdict: exact\n");
  }
}
