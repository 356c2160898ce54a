package io.attribution.stream.cli;

import static io.attribution.engine.attribution.RowAgreement.assertRows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attribution.engine.attribution.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The explain command on every golden case, read back as somebody else's program would. */
class ExplainGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir Path folder;

  static Stream<String> cases() {
    return GoldenCase.names().stream();
  }

  static Stream<Arguments> reductions() {
    return Stream.of(
        Arguments.of("l2", "reduced_l2"),
        Arguments.of("normalized", "reduced_normalized"),
        Arguments.of("signed", "reduced_signed_0"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void explainsEachRowAsTheReferenceDoes(String name) throws IOException {
    GoldenCase golden = GoldenCase.named(name);

    List<JsonNode> rows = explain(golden);

    assertThat(rows.stream().map(row -> row.path("id").textValue()))
        .containsExactlyElementsOf(ids(rows.size()));
    assertRows(golden.rows("z"), rows.stream().map(row -> floats(row.path("embedding"))).toList());
    assertRows(
        golden.rows("contributions"),
        rows.stream().map(row -> floats(row.path("contributions"))).toList());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void certifiesRowsAndFileAsTheReferenceDoes(String name) throws IOException {
    GoldenCase golden = GoldenCase.named(name);
    boolean exact = golden.verification().path("exact").asBoolean();

    List<JsonNode> rows = explain(golden);
    JsonNode verification = JSON.readTree(folder.resolve("verification.json").toFile());

    assertThat(names(verification))
        .containsExactly(
            "count", "zRange", "reconstructionRange", "maxError", "meanError", "relativeError");
    assertThat(verification.path("count").asInt()).isEqualTo(rows.size());
    assertThat(verification.path("relativeError").asDouble() <= 1e-4).isEqualTo(exact);
    for (String key :
        exact ? List.<String>of() : List.of("maxError", "meanError", "relativeError")) {
      double expected = golden.verification().path(key).asDouble();
      assertThat(verification.path(key).asDouble()).isCloseTo(expected, within(1e-3 * expected));
    }
    for (JsonNode row : rows) {
      assertThat(row.path("exact").booleanValue())
          .isEqualTo(row.path("relativeError").doubleValue() <= 1e-4);
    }
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void reducesAsAsked(String reduction, String key) throws IOException {
    GoldenCase golden = GoldenCase.named("pca-mean-scale");

    List<JsonNode> rows = explain(golden, "--reduction", reduction);

    assertRows(golden.rows(key), rows.stream().map(row -> floats(row.path("reduced"))).toList());
  }

  @ParameterizedTest
  @CsvSource({"layers", "autograd"})
  void reducesToTheTargetOutputWithEitherEngine(String engine) throws IOException {
    List<JsonNode> rows =
        explain(
            GoldenCase.named("prelu-deep-channels"),
            "--engine",
            engine,
            "--reduction",
            "signed",
            "--target",
            "2");

    for (JsonNode row : rows) {
      assertThat(row.path("reduced")).isEqualTo(row.path("contributions").path(2));
    }
  }

  private List<JsonNode> explain(GoldenCase golden, Object... options) throws IOException {
    Path output = folder.resolve("output.jsonl");
    List<Object> words =
        new ArrayList<>(
            List.of("explain", "--bundle", golden.directory(), "--output", output, "--input"));
    words.add(GoldenCsv.write(golden, folder.resolve("input.csv")));
    words.addAll(List.of("--verification-output", folder.resolve("verification.json")));
    words.addAll(List.of(options));

    CommandRun run = CommandRun.of(words.toArray());

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      rows.add(JSON.readTree(line));
    }
    return rows;
  }

  private static List<String> ids(int count) {
    return Stream.iterate(0, i -> i + 1).limit(count).map(String::valueOf).toList();
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** All numbers below a node, row-major. */
  private static float[] floats(JsonNode node) {
    List<Float> values = new ArrayList<>();
    collect(node, values);
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  private static void collect(JsonNode node, List<Float> values) {
    if (node.isNumber()) {
      values.add(node.floatValue());
    }
    node.forEach(child -> collect(child, values));
  }
}
