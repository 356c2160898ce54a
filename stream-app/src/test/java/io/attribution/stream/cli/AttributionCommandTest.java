package io.attribution.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.admission.FaultyBundle;
import io.attribution.engine.attribution.GoldenCase;
import io.attribution.engine.bundle.BundleFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class AttributionCommandTest {
  @TempDir Path folder;

  @AfterEach
  void quiet() {
    CommandRun.restoreLog();
  }

  @Test
  void listsItsCommandsAndExitCodes() {
    CommandRun run = CommandRun.of("--help");

    assertThat(run.exit()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("explain ", "bundle ", "Exit codes:", "--verbose");
  }

  @ParameterizedTest
  @ValueSource(strings = {"explain --help", "bundle --help", "bundle inspect --help"})
  void explainsEachCommandWithAnExample(String words) {
    CommandRun run = CommandRun.of((Object[]) words.split(" "));

    assertThat(run.exit()).isZero();
    assertThat(run.out()).contains("Usage: attribution ", "Examples:\n  attribution ", "--verbose");
  }

  @Test
  void printsItsVersion() {
    assertThat(CommandRun.of("--version").out()).startsWith("attribution ").contains("Java");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bundle", "explan", "bundle inspekt", "bundle inspect", "--quiet"})
  void refusesBadUsageInOneLine(String words) {
    CommandRun run = CommandRun.of(words.isEmpty() ? new Object[0] : words.split(" "));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("attribution: ")
        .contains("; see 'attribution ")
        .endsWith("--help'\n");
    assertThat(run.err().lines()).hasSize(1);
  }

  /** The option that is missing for it is of no interest. */
  @ParameterizedTest
  @CsvSource({
    "run --confg x, --confg, --config",
    "topics create --confg x, --confg, --config",
    "topics acls --config x --princpal User:a, --princpal, --principal",
    "explain --bundle b --input i --outpt o, --outpt, --output",
    "produce --bootstrap-servers b --registry r --inptu i, --inptu, --input",
    "bundle validate --engin layers, --engin, --engine",
    "--verbos run, --verbos, --verbose",
  })
  void namesAMistypedOptionBeforeWhatIsMissing(String words, String mistyped, String meant) {
    CommandRun run = CommandRun.of((Object[]) words.split(" "));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("attribution: Unknown option")
        .contains("'" + mistyped + "'", "did you mean " + meant, "--help'")
        .hasLineCount(1);
  }

  @Test
  void refusesARemovedDetectorInOneLine() throws IOException {
    Path config = folder.resolve("my.properties");
    Files.writeString(config, "bundles = b\ndrift.linearity.detectors = adwin\n");

    CommandRun run = CommandRun.of("run", "--config", config);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("attribution: configuration " + config + ": Invalid value [adwin] for")
        .contains("adwin, ewma and page_hinkley were removed, because", "Leave the setting out")
        .hasLineCount(1);
  }

  @Test
  void showsStackTracesOnlyWhenVerbose() {
    assertThat(CommandRun.of("bundle", "inspect", "/nowhere").err().lines()).hasSize(1);

    CommandRun verbose = CommandRun.of("bundle", "inspect", "/nowhere", "--verbose");

    assertThat(verbose.exit()).isEqualTo(3);
    assertThat(verbose.err())
        .contains("attribution: /nowhere: no such folder", "BundleException", "\tat io.");
    assertThat(LoggerFactory.getLogger("io.attribution").isDebugEnabled()).isTrue();
  }

  @Test
  void inspectsABundleWithoutRunningIt() {
    CommandRun run = CommandRun.of("bundle", "inspect", FaultyBundle.directory("layers-disagree"));

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .containsPattern("name +faulty-layers-disagree\n")
        .containsPattern("version +1\n")
        .containsPattern("fingerprint +[0-9a-f]{64}\n")
        .containsPattern("features +4: feature_0, feature_1, feature_2, feature_3\n")
        .containsPattern("preprocessing +none\n")
        .containsPattern("encoder input +\\[4]\n")
        .containsPattern("outputs +2: output_0, output_1\n")
        .containsPattern("layers +linear 4->2\n")
        .containsPattern("reference +none\n")
        .containsPattern("engines +layers available; autograd available\n");
  }

  @Test
  void inspectsPreprocessingAndDeepLayers() {
    assertThat(inspect("pca-mean-scale"))
        .containsPattern("preprocessing +mean \\[18], scale \\[18], components \\[6, 18]\n");
    assertThat(inspect("residual")).contains("residual (linear 16->16, layer_norm_detached, prelu");
    assertThat(inspect("gelu")).contains("layers not available (no layers); autograd available");
  }

  @Test
  void validatesWithALineForEachCheckAndAVerdict() {
    Path directory = GoldenCase.named("residual").directory();

    assertThat(CommandRun.of("bundle", "validate", directory).out())
        .startsWith("golden-residual 1, engine layers on cpu\n")
        .contains("  ok  rows are independent", "  ok  layers and encoder.pt agree\n")
        .endsWith("verdict: exact\n");
    assertThat(CommandRun.of("bundle", "validate", directory, "--engine", "autograd").out())
        .startsWith("golden-residual 1, engine autograd on cpu\n");
  }

  @Test
  void validatesAnApproximateBundleButRefusesABrokenOne() {
    CommandRun biased = CommandRun.of("bundle", "validate", FaultyBundle.directory("biased"));
    CommandRun mixing = CommandRun.of("bundle", "validate", FaultyBundle.directory("batch-norm"));

    assertThat(biased.exit()).isZero();
    assertThat(biased.out()).endsWith("verdict: approximate\n");
    assertThat(mixing.exit()).isEqualTo(3);
    assertThat(mixing.err()).contains("mixes rows").hasLineCount(1);
  }

  @Test
  void inspectsAndValidatesTheReference() {
    Path bundle = withReference(1);

    assertThat(CommandRun.of("bundle", "inspect", bundle).out())
        .containsPattern("reference +60 rows of training data\n");
    assertThat(CommandRun.of("bundle", "validate", bundle).out())
        .contains("  ok  all 60 rows of the reference are explained\n");
  }

  /** Before anything is asked of a broker. */
  @ParameterizedTest
  @ValueSource(strings = {"bundle validate BUNDLE", "run --config CONFIG"})
  void refusesAReferenceThatCannotBeExplained(String command) throws IOException {
    Path bundle = withReference(3e38f);
    Path config = folder.resolve("my.properties");
    Files.writeString(
        config,
        """
        bundles = %s
        bootstrap.servers = localhost:1
        schema.registry.url = http://localhost:1
        """
            .formatted(bundle));

    CommandRun run =
        CommandRun.of(
            (Object[])
                command
                    .replace("BUNDLE", bundle.toString())
                    .replace("CONFIG", config.toString())
                    .split(" "));

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains(bundle + ": model.json: reference: row 0 cannot be explained (")
        .hasLineCount(1);
  }

  /** Of which the first row has a feature of this value, and all others are zero. */
  private Path withReference(float value) {
    float[] rows = new float[2 * 60];
    rows[0] = value;
    return BundleFixture.linear(folder)
        .model(model -> model.put("reference", "r"))
        .tensor("r", List.of(60, 2), rows)
        .write();
  }

  private static String inspect(String golden) {
    return CommandRun.of("bundle", "inspect", GoldenCase.named(golden).directory()).out();
  }

  @Test
  void saysWhereTheDemoIsWithAnyOfItsOptions() {
    CommandRun run = CommandRun.of("demo", "--records", "5", "--keep");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("run ./attribution demo --records 5 --keep in a checkout");
  }
}
