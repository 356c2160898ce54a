package io.attribution.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.attribution.engine.admission.FaultyBundle;
import io.attribution.engine.attribution.GoldenCase;
import io.attribution.engine.bundle.BundleFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainCommandTest {
  /** p = 1a + 2b, q = 3a − b at a = 1, b = 0.5. */
  private static final String EXPLAINED =
      "{\"id\":\"0\",\"embedding\":[2.0,2.5],\"contributions\":[[1.0,1.0],[3.0,-0.5]],"
          + "\"reduced\":[3.1622777,1.118034],\"relativeError\":0.0,\"exact\":true}\n";

  @TempDir Path folder;
  private Path bundle;
  private Path input;
  private Path output;
  private Path verification;

  @BeforeEach
  void tinyBundle() throws IOException {
    bundle = BundleFixture.linear(folder.resolve("bundle")).write();
    input = input("a,b\n1,0.5\n");
    output = folder.resolve("output.jsonl");
    verification = folder.resolve("verification.json");
  }

  @Test
  void writesOneObjectPerRowWithShortestDecimals() throws IOException {
    CommandRun run = explain("--verification-output", verification);

    assertThat(run).isEqualTo(new CommandRun(0, "", ""));
    assertThat(output).hasContent(EXPLAINED.strip()).isNotEmptyFile();
    assertThat(Files.readString(output)).isEqualTo(EXPLAINED);
    assertThat(Files.readString(verification))
        .isEqualTo(
            "{\"count\":1,\"zRange\":[2.0,2.5],\"reconstructionRange\":[2.0,2.5],\"maxError\":0.0,"
                + "\"meanError\":0.0,\"relativeError\":0.0}\n");
  }

  @Test
  void namesTheTopFeaturesWhenAsked() {
    CommandRun run = toStandardOutput("b,a\n-2,1\n", "--reduction", "signed", "--top-k", "9");

    assertThat(run.out())
        .isEqualTo(
            "{\"id\":\"0\",\"embedding\":[-3.0,5.0],\"contributions\":[[1.0,-4.0],[3.0,2.0]],"
                + "\"reduced\":[1.0,-4.0],\"top\":[{\"feature\":\"b\",\"value\":-4.0},"
                + "{\"feature\":\"a\",\"value\":1.0}],\"relativeError\":0.0,\"exact\":true}\n");
  }

  @Test
  void streamsFromStandardInputToStandardOutput() {
    assertThat(toStandardOutput("a,b\n1,0.5\n")).isEqualTo(new CommandRun(0, EXPLAINED, ""));
  }

  @Test
  void explainsNoRows() throws IOException {
    input = input("a,b\n");

    CommandRun run = explain("--verification-output", verification);

    assertThat(run).isEqualTo(new CommandRun(0, "", ""));
    assertThat(output).isEmptyFile();
    assertThat(Files.readString(verification))
        .isEqualTo(
            "{\"count\":0,\"zRange\":null,\"reconstructionRange\":null,\"maxError\":0.0,"
                + "\"meanError\":0.0,\"relativeError\":0.0}\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 1024, Integer.MAX_VALUE})
  void numbersRowsAcrossBatches(int batchSize) {
    CommandRun run = toStandardOutput("a,b\n1,0\n2,0\n3,0\n4,0\n", "--batch-size", batchSize);

    assertThat(run.out().lines().map(line -> line.substring(0, 27)))
        .containsExactly(
            "{\"id\":\"0\",\"embedding\":[1.0,",
            "{\"id\":\"1\",\"embedding\":[2.0,",
            "{\"id\":\"2\",\"embedding\":[3.0,",
            "{\"id\":\"3\",\"embedding\":[4.0,");
  }

  @Test
  void saysInOneLineThatABundleIsApproximate() {
    CommandRun run =
        CommandRun.withInput(
            "feature_0,feature_1,feature_2,feature_3\n1,2,3,4\n",
            "explain",
            "--bundle",
            FaultyBundle.directory("biased"),
            "--input",
            "-",
            "--output",
            "-");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).endsWith("\"exact\":false}\n");
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("attribution: faulty-biased 1 is approximate: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --batch-size=0            | '0' is not a whole number from 1 up
          --batch-size=-1           | '-1' is not a whole number from 1 up
          --batch-size=many         | 'many' is not a whole number from 1 up
          --top-k=0                 | '0' is not a whole number from 1 up
          --engine=cuda             | 'cuda' is no engine; choose auto, layers, graph or autograd
          --engine=LAYERS           | 'LAYERS' is no engine; choose auto, layers, graph or autograd
          --reduction=l1            | 'l1' is no reduction; choose l2, signed or normalized
          --target=2                | tiny 7 has outputs 0 to 1, not 2
          --target=-1               | tiny 7 has outputs 0 to 1, not -1
          --target=p                | 'p' is not an int
          --top-n=3                 | Unknown option: '--top-n=3'; did you mean
          surplus                   | Unmatched argument at index
          --output=twice            | '--output' (FILE.jsonl) should be specified only once
          """)
  void refusesBadUsage(String option, String message) {
    fails(explain(option), 2, message);
    assertThat(output).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--bundle", "--input", "--output"})
  void refusesToStartWithoutARequiredOption(String missing) {
    List<Object> words = new ArrayList<>(List.of("explain"));
    Stream.of("--bundle", "--input", "--output")
        .filter(option -> !option.equals(missing))
        .forEach(option -> words.addAll(List.of(option, folder)));

    fails(CommandRun.of(words.toArray()), 2, "Missing required option: '" + missing);
  }

  @Test
  void refusesToOverwriteItsInputOrItsOtherOutput() {
    output = input;
    fails(explain(), 2, "--input would be overwritten");
    output = verification;
    fails(explain("--verification-output", verification), 2, "are the same");
    assertThat(input).hasContent("a,b\n1,0.5");
  }

  @Test
  void reportsABadBundle() {
    bundle = folder.resolve("nowhere");
    fails(explain(), 3, bundle + ": no such folder");
    bundle = FaultyBundle.directory("batch-mean");
    input = Path.of("-");
    fails(withFourFeatures("1,2,3,4"), 3, "encoder.pt: the encoder mixes rows");
  }

  @Test
  void reportsAnEncoderFileOfGarbage() {
    bundle = BundleFixture.linear(folder.resolve("bundle")).file("encoder.pt", (byte) 9).write();

    fails(explain(), 3, "encoder.pt: not a TorchScript file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a,b;1,2;3,4f;5,6   | line 3: column 'b': '4f' is not a finite decimal number
          a,b;1,NaN          | line 2: column 'b': 'NaN' is not a finite decimal number
          b,a;1,1e40         | line 2: column 'a': '1e40' is beyond float32
          a,b;1,2;3          | line 3: has 1 fields, but the header has 2; nothing for column 'b'
          a,b;1,             | line 2: column 'b': is empty
          a;1                | line 1: feature column 'b' is missing
          a,b,c;1,2,3        | line 1: column 'c' is not a feature
          a,b;1,2;3e38,3e38  | line 3: the model cannot explain this row: output 0 is Infinity
          """)
  void reportsBadInputWithLineAndColumnAndLeavesNoHalfResult(String lines, String message)
      throws IOException {
    input = input(lines.replace(';', '\n') + "\n");
    Files.writeString(output, "from an earlier run");

    fails(
        explain("--batch-size", 1, "--verification-output", verification),
        4,
        input + ": " + message);

    assertThat(output).hasContent("from an earlier run");
    assertThat(verification).doesNotExist();
    assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".partial"));
  }

  @Test
  void reportsAMissingInput() {
    input = folder.resolve("missing.csv");

    fails(explain(), 4, input + ": no such file");
  }

  @Test
  void reportsTheLineThatTheEncoderFailsOn() {
    bundle = FaultyBundle.directory("refuses-large-values");

    fails(
        withFourFeatures("1,2,3,4\n5,6,7,8\n1,2,3,4000\n1,2,3,4"),
        4,
        "standard input: line 4: the model cannot explain this row: ");
  }

  @Test
  void reportsAnOutputThatCannotBeWritten() {
    output = folder.resolve("nowhere/output.jsonl");
    fails(explain(), 1, output + ": cannot be written: its folder does not exist");
    output = folder;
    fails(explain(), 1, output + ": cannot be written: it is a folder");
  }

  /** A pipe of its own stands for all devices: a test must not be able to harm /dev/null. */
  @Test
  void writesToAPipeWithoutReplacingIt() throws Exception {
    output = folder.resolve("pipe");
    assumeTrue(
        new ProcessBuilder("mkfifo", output.toString()).start().waitFor() == 0,
        "this system has no named pipes");
    CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> read(output));

    assertThat(explain()).isEqualTo(new CommandRun(0, "", ""));

    assertThat(Files.readAttributes(output, BasicFileAttributes.class).isOther()).isTrue();
    assertThat(reader).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(EXPLAINED);
  }

  @Test
  void replacesTheFileThatALinkPointsTo() throws IOException {
    Path real = Files.writeString(folder.resolve("real.jsonl"), "old");
    output = Files.createSymbolicLink(folder.resolve("link.jsonl"), real);

    assertThat(explain().exit()).isZero();

    assertThat(output).isSymbolicLink();
    assertThat(Files.readString(real)).isEqualTo(EXPLAINED);
  }

  @Test
  void explainsAWideModelInSeveralBatches() {
    CommandRun run =
        CommandRun.of(
            "explain",
            "--bundle",
            GoldenCase.named("conv").directory(),
            "--input",
            GoldenCsv.write(GoldenCase.named("conv"), folder.resolve("conv.csv")),
            "--output",
            output,
            "--batch-size",
            3);

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(output).content().hasLineCount(7);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path input(String content) throws IOException {
    return Files.writeString(folder.resolve("input.csv"), content);
  }

  private CommandRun explain(Object... options) {
    return CommandRun.of(words(input, output, options));
  }

  private CommandRun toStandardOutput(String content, Object... options) {
    return CommandRun.withInput(content, words(Path.of("-"), Path.of("-"), options));
  }

  private CommandRun withFourFeatures(String rows) {
    return toStandardOutput("feature_0,feature_1,feature_2,feature_3\n" + rows + "\n");
  }

  private Object[] words(Path from, Path to, Object... options) {
    List<Object> words =
        new ArrayList<>(List.of("explain", "--bundle", bundle, "--input", from, "--output", to));
    words.addAll(List.of(options));
    return words.toArray();
  }

  private static void fails(CommandRun run, int exit, String message) {
    assertThat(run.exit()).as(run.err()).isEqualTo(exit);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("attribution: ").contains(message);
  }
}
