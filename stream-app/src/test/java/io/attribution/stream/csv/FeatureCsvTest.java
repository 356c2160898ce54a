package io.attribution.stream.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureCsvTest {
  private static final List<String> FEATURES = List.of("a", "mean radius", "größe");
  private static final String HEADER = "a,mean radius,größe\n";

  @Test
  void readsRowsInTheOrderOfTheFeatures() {
    assertThat(rows("größe,a,mean radius\n3,1,2\n6,4,5\n"))
        .containsExactly(List.of(1f, 2f, 3f), List.of(4f, 5f, 6f));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,mean radius,größe\n1,2,3\n",
        "a,mean radius,größe\n1,2,3",
        "a,mean radius,größe\r\n1,2,3\r\n",
        "a,mean radius,größe\r1,2,3\r",
        "\uFEFFa,mean radius,größe\n1,2,3\n",
        "\uFEFF\"a\",\"mean radius\",\"größe\"\r\n\"1\",\"2\",\"3\"\r\n",
        "a,mean radius,größe\n 1 ,\t2,3 \n",
        "a,mean radius,größe\n+1,2.0,.3e1\n",
        "a,mean radius,größe\n1,2,3\n\n\r\n\n",
      })
  void acceptsEveryCommonForm(String content) {
    assertThat(rows(content)).containsExactly(List.of(1f, 2f, 3f));
  }

  @Test
  void readsNamesWithCommasQuotesAndLineBreaks() throws IOException {
    String content = "\"x, y\",\"say \"\"z\"\"\",\"two\nlines\"\n1,2,3\n1,oops,3\n";

    try (FeatureCsv csv = csv(content, List.of("say \"z\"", "two\nlines", "x, y"))) {
      float[] row = new float[3];
      assertThat(csv.next(row)).isTrue();
      assertThat(row).containsExactly(2, 3, 1);
      assertThat(csv.line()).isEqualTo(3);
      assertThatThrownBy(() -> csv.next(row))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "rows.csv: line 4: column 'say \"z\"': 'oops' is not a finite decimal number");
    }
  }

  @Test
  void numbersRowsByTheLineTheyStartOn() {
    assertThat(failure("a,mean radius,größe\r\n1,2,\"\r\n3\"\r\n4,5,six\r\n"))
        .isEqualTo("rows.csv: line 4: column 'größe': 'six' is not a finite decimal number");
  }

  @Test
  void roundsToTheNearestFloat() {
    assertThat(rows(HEADER + "0.1,16777217,-1e-50\n3.4028235e38,1e-45,-0\n"))
        .containsExactly(
            List.of(0.1f, 16777216f, -0f), List.of(Float.MAX_VALUE, Float.MIN_VALUE, -0f));
  }

  @Test
  void readsNoRowsFromAHeaderAlone() {
    assertThat(rows(HEADER)).isEmpty();
    assertThat(rows(HEADER.strip())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1f      | '1f' is not a finite decimal number
          1d      | '1d' is not a finite decimal number
          0x1p3   | '0x1p3' is not a finite decimal number
          NaN     | 'NaN' is not a finite decimal number
          nan     | 'nan' is not a finite decimal number
          Infinity| 'Infinity' is not a finite decimal number
          -inf    | '-inf' is not a finite decimal number
          1e      | '1e' is not a finite decimal number
          1.2.3   | '1.2.3' is not a finite decimal number
          --1     | '--1' is not a finite decimal number
          1 2     | '1 2' is not a finite decimal number
          ١       | '١' is not a finite decimal number
          1e39    | '1e39' is beyond float32, whose largest number is 3.4028235E38
          -1e999  | '-1e999' is beyond float32, whose largest number is 3.4028235E38
          ''      | is empty
          ' '     | is empty
          """)
  void refusesWhatIsNotANumberAndNamesLineAndColumn(String cell, String problem) {
    assertThat(failure(HEADER + "1,2,3\n1," + cell + ",3\n"))
        .isEqualTo("rows.csv: line 3: column 'mean radius': " + problem);
  }

  @Test
  void refusesAQuotedEmptyCell() {
    assertThat(failure(HEADER + "1,\"\",3\n"))
        .isEqualTo("rows.csv: line 2: column 'mean radius': is empty");
  }

  @Test
  void tellsAnEmptyCellFromABlankLineAtTheEnd() {
    try (FeatureCsv csv = csv("x\n1\n\"\"\n", List.of("x"))) {
      csv.next(new float[1]);
      assertThatThrownBy(() -> csv.next(new float[1]))
          .hasMessage("rows.csv: line 3: column 'x': is empty");
    }
  }

  @Test
  void refusesABlankLineBetweenRows() {
    assertThat(failure(HEADER + "1,2,3\n\n\n4,5,6\n"))
        .startsWith("rows.csv: line 3: is blank, but rows follow");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1,2       | has 2 fields, but the header has 3; nothing for column 'größe'
          1         | has 1 fields, but the header has 3; nothing for column 'mean radius'
          1,2,3,4   | has 4 fields, but the header has 3; too many after column 'größe'
          1,2,3,    | has 4 fields, but the header has 3; too many after column 'größe'
          """)
  void refusesAnotherNumberOfFields(String row, String problem) {
    assertThat(failure(HEADER + row + "\n")).isEqualTo("rows.csv: line 2: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a,mean radius            | feature column 'größe' is missing
          a                        | feature columns 'mean radius', 'größe' are missing
          a,mean radius,größe,b    | column 'b' is not a feature of the bundle; remove or rename it
          a,mean radius,größe,     | column 4 has no name; name each column after a feature
          a,mean radius,a,größe    | column 'a' appears twice
          A,mean radius,größe      | column 'A' is not a feature of the bundle; remove or rename it
          a;mean radius;größe      | column 'a;mean radius;größe' is not a feature of the bundle
          1,2,3                    | column '1' is not a feature of the bundle
          ''                       | is empty; expected a header with the feature names
          """)
  void refusesAHeaderThatDoesNotNameTheFeatures(String header, String problem) {
    assertThat(failure(header)).startsWith("rows.csv: line 1: " + problem);
  }

  @Test
  void namesOnlyTheFirstOfManyMissingColumns() {
    List<String> features = List.of("a", "b", "c", "d", "e", "f");

    assertThatThrownBy(() -> csv("a\n", features).close())
        .hasMessage("rows.csv: line 1: feature columns 'b', 'c', 'd' and 2 more are missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1,\"2\"x,3 | line 2: damaged quoting
          1,\"2,3    | line 2: damaged quoting
          """)
  void refusesDamagedQuoting(String row, String problem) {
    assertThat(failure(HEADER + row + "\n")).startsWith("rows.csv: " + problem);
  }

  @Test
  void refusesOtherEncodings() {
    byte[] latin = "a,mean radius,größe\n1,2,3\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] utf16 = "a,mean radius,größe\n1,2,3\n".getBytes(StandardCharsets.UTF_16);

    assertThatThrownBy(() -> csv(latin).close())
        .hasMessage(
            "rows.csv: line 1: column 'gr\uFFFD\uFFFDe' is not a feature of the bundle; remove or"
                + " rename it");
    assertThatThrownBy(() -> csv(utf16).close()).isInstanceOf(InputException.class);
  }

  @Test
  void refusesAFileThatIsNotThereOrIsAFolder(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing.csv");

    assertThatThrownBy(() -> FeatureCsv.open(missing, FEATURES).close())
        .isInstanceOf(InputException.class)
        .hasMessage(missing + ": no such file");
    assertThatThrownBy(() -> FeatureCsv.open(folder, FEATURES).close())
        .isInstanceOf(InputException.class)
        .hasMessage(folder + ": is a folder; name a CSV file");
    Path empty = Files.createFile(folder.resolve("empty.csv"));
    assertThatThrownBy(() -> FeatureCsv.open(empty, FEATURES).close())
        .hasMessageContaining("is empty; expected a header");
  }

  private static List<List<Float>> rows(String content) {
    try (FeatureCsv csv = csv(content, FEATURES)) {
      List<List<Float>> rows = new ArrayList<>();
      float[] row = new float[FEATURES.size()];
      while (csv.next(row)) {
        rows.add(List.of(row[0], row[1], row[2]));
      }
      return rows;
    }
  }

  private static String failure(String content) {
    List<String> messages = new ArrayList<>();
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> rows(content))
        .satisfies(e -> messages.add(e.getMessage()));
    return messages.get(0);
  }

  private static FeatureCsv csv(String content, List<String> features) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return FeatureCsv.of("rows.csv", new ByteArrayInputStream(bytes), features);
  }

  private static FeatureCsv csv(byte[] bytes) {
    return FeatureCsv.of("rows.csv", new ByteArrayInputStream(bytes), FEATURES);
  }
}
