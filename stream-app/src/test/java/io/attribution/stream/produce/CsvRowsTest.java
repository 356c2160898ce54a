package io.attribution.stream.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.stream.csv.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvRowsTest {
  private static final InputStream NOTHING = InputStream.nullInputStream();

  @TempDir Path directory;

  @Test
  void takesTheBundlesOrderAndNumbersTheRows() throws IOException {
    CsvSource source = source("b,a\n1,2\n3,4\n", List.of("a", "b"), null, null);

    assertThat(read(source, false, 9)).containsExactly("0 0 [2.0, 1.0]", "1 1 [4.0, 3.0]");
  }

  @Test
  void takesTheFilesOrderWithoutABundle() throws IOException {
    CsvSource source = source("b,a\n1,2\n", null, null, null);

    assertThat(read(source, false, 9)).containsExactly("0 0 [1.0, 2.0]");
  }

  @Test
  void takesKeyAndIdFromColumnsThatAreNoFeatures() throws IOException {
    String content = "user,a,order,b\nann,1,o-1,2\nbob,3,o-2,4\n";
    CsvSource source = source(content, null, "user", "order");

    assertThat(read(source, false, 9)).containsExactly("ann o-1 [1.0, 2.0]", "bob o-2 [3.0, 4.0]");
  }

  @Test
  void repeatsTheKeyAsIdWithoutAnIdColumn() throws IOException {
    CsvSource source = source("user,a\nann,1\n", List.of("a"), "user", null);

    assertThat(read(source, false, 9)).containsExactly("ann ann [1.0]");
  }

  @Test
  void takesAFeatureForTheKeyToo() throws IOException {
    CsvSource source = source("a,b\n1,2\n", List.of("a", "b"), "b", null);

    assertThat(read(source, false, 9)).containsExactly("2 2 [1.0, 2.0]");
  }

  @Test
  void beginsAgainWithTheSameNumbers() throws IOException {
    CsvSource source = source("a\n1\n2\n", null, null, null);

    assertThat(read(source, true, 5))
        .containsExactly("0 0 [1.0]", "1 1 [2.0]", "0 0 [1.0]", "1 1 [2.0]", "0 0 [1.0]");
  }

  @Test
  void refusesToLoopOverNothing() throws IOException {
    CsvSource source = source("a\n", null, null, null);

    assertThatThrownBy(() -> read(source, true, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no rows");
  }

  @Test
  void namesAKeyColumnThatIsMissing() throws IOException {
    CsvSource source = source("a\n1\n", null, "user", null);

    assertThatThrownBy(() -> read(source, false, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("line 1: column 'user' is missing");
  }

  @Test
  void readsStandardInput() {
    CsvSource source =
        new CsvSource(Path.of("-"), Optional.empty(), Optional.empty(), Optional.empty());
    InputStream input = new ByteArrayInputStream("a\n7\n".getBytes(StandardCharsets.UTF_8));

    try (CsvRows rows = new CsvRows(source, input, false)) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.features()).containsExactly(7);
      assertThat(rows.share()).isEmpty();
    }
  }

  @Test
  void knowsHowMuchIsRead() throws IOException {
    CsvSource source = source("a\n1\n2\n3\n4\n", null, null, null);

    try (CsvRows rows = new CsvRows(source, NOTHING, false)) {
      rows.next();
      double first = rows.share().orElseThrow();
      while (rows.next()) {
        assertThat(rows.share().orElseThrow()).isGreaterThanOrEqualTo(first).isLessThan(1);
      }
    }
  }

  private CsvSource source(String content, List<String> features, String key, String id)
      throws IOException {
    Path file = Files.writeString(directory.resolve("rows.csv"), content);
    return new CsvSource(
        file, Optional.ofNullable(features), Optional.ofNullable(key), Optional.ofNullable(id));
  }

  private static List<String> read(CsvSource source, boolean loops, int limit) {
    try (CsvRows rows = new CsvRows(source, NOTHING, loops)) {
      List<String> read = new ArrayList<>();
      while (read.size() < limit && rows.next()) {
        read.add(rows.key() + " " + rows.recordId() + " " + Arrays.toString(rows.features()));
      }
      return read;
    }
  }
}
