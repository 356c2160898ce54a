package io.attribution.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.attribution.GoldenCase;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.fuzz.Mutation;
import io.attribution.engine.internal.torchscript.TorchScriptFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * A bundle of which one file is spoilt is read, or refused as a bad bundle, in one printable line.
 * CONTRIBUTING.md says how to try more of them.
 */
class BundleFuzzProperties {
  private static final String MODEL = "model.json";
  private static final String TENSORS = "tensors.safetensors";
  private static final String ENCODER = "encoder.pt";
  private static final List<String> SOUND =
      List.of("residual", "pca-mean-scale", "layernorm-detached", "one-output", "leaky-relu");

  private static final List<Path> bundles = new ArrayList<>();
  private static Path folder = Path.of("");

  @BeforeContainer
  static void bundlesToSpoil() throws IOException {
    folder = Files.createTempDirectory("fuzz");
    for (String name : SOUND) {
      Path from = GoldenCase.named(name).directory();
      Path bundle = Files.createDirectory(folder.resolve(name));
      for (String file : List.of(MODEL, TENSORS, ENCODER)) {
        Files.copy(from.resolve(file), bundle.resolve(file));
      }
      bundles.add(bundle);
    }
  }

  @AfterContainer
  static void leavesNothing() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(BundleFuzzProperties::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(shrinking = ShrinkingMode.OFF, seed = "22")
  void anyModelJson(@ForAll Random random) throws IOException {
    read(MODEL, random);
  }

  @Property(shrinking = ShrinkingMode.OFF, seed = "22")
  void anyTensors(@ForAll Random random) throws IOException {
    read(TENSORS, random);
  }

  @Property(shrinking = ShrinkingMode.OFF, seed = "22")
  void anyEncoder(@ForAll Random random) throws IOException {
    read(ENCODER, random);
  }

  private static void read(String spoilt, Random random) throws IOException {
    Path bundle = bundles.get(random.nextInt(bundles.size()));
    Path file = bundle.resolve(spoilt);
    byte[] sound = Files.readAllBytes(file);
    Files.write(file, new Mutation(List.of(sound)).next(random));
    try {
      readCode(BundleLoader.load(bundle));
    } catch (BundleException e) {
      assertThat(ExitCode.of(e)).isEqualTo(ExitCode.BAD_BUNDLE);
      assertPrintable(FailureLine.of(e));
    } finally {
      Files.write(file, sound);
    }
  }

  /** As the engine does before libtorch gets it. */
  private static void readCode(ModelBundle bundle) throws IOException {
    try (TorchScriptFile file = TorchScriptFile.open(bundle.encoder().orElseThrow())) {
      assertThat(file.code()).isNotEmpty();
    }
  }

  private static void assertPrintable(String line) {
    assertThat(line).isNotBlank().hasSizeLessThan(13_000);
    assertThat(line.codePoints()).noneMatch(Character::isISOControl);
  }
}
