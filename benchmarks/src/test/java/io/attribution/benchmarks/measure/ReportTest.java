package io.attribution.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.benchmarks.measure.Section.Bound;
import io.attribution.benchmarks.measure.Section.Chart;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Run;
import io.attribution.benchmarks.measure.Section.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Run RUN =
      new Run(
          "2026-11-24T22:00:00Z",
          "./attribution bench engine",
          Map.of("processor", "one"),
          Map.of("turns", "7 rounds"));
  private static final Path PUBLISHED = Path.of("../docs/benchmarks");

  @TempDir private Path home;

  @Test
  void claimsHoldOnTheirSideOfTheLimit() {
    assertThat(Claim.atLeast("speed", 3, 3).holds()).isTrue();
    assertThat(Claim.atLeast("speed", 2.99, 3).holds()).isFalse();
    assertThat(new Claim("latency", 25, Bound.AT_MOST, 25, "ms").holds()).isTrue();
    assertThat(new Claim("latency", 25.1, Bound.AT_MOST, 25, "ms").holds()).isFalse();
    assertThat(new Claim("growth", 2, Bound.BELOW, 2, "%").holds()).isFalse();
    assertThat(Claim.atLeast("speed", Double.NaN, 3).holds()).isFalse();
    assertThat(new Claim("latency", Double.NaN, Bound.AT_MOST, 3, "ms").holds()).isFalse();
  }

  @Test
  void tablesAreMarkdown() {
    Table table = new Table("Times", List.of("who", "time"), List.of(List.of("a|b", "1 ms")));
    assertThat(table.markdown())
        .isEqualTo("**Times**\n\n| who | time |\n|---|---:|\n| a\\|b | 1 ms |\n");
  }

  @Test
  void chartsShowWhatWasMeasuredInItsOrder() {
    Map<String, Double> bars = new LinkedHashMap<>();
    bars.put("wide", 12_345.0);
    bars.put("absent", Double.NaN);
    bars.put("digits", 2.5);
    Chart chart = new Chart("Speed", "rows/s", bars);
    assertThat(new Section("engine", RUN, List.of(), List.of(chart), List.of()).markdown())
        .contains("title \"Speed\"", "x-axis [\"wide\", \"digits\"]", "bar [12300, 2.5]")
        .contains("y-axis \"rows/s\" 0 --> 12300");
  }

  private static Section section(String name, double measured) {
    return new Section(
        name,
        RUN,
        List.of(Claim.atLeast("speed of " + name, measured, 3)),
        List.of(new Chart("Speed", "x", Map.of("digits", measured))),
        List.of(new Table("Times", List.of("who"), List.of(List.of(name + " table")))));
  }

  /** Writes sections into the repository's own page; returns the page. */
  private String written(String page, Section... sections) throws IOException {
    Path folder = Files.createDirectories(home.resolve("docs/benchmarks"));
    Files.writeString(folder.resolve("README.md"), page);
    for (Section section : sections) {
      Report.write(section, home, folder);
    }
    return Files.readString(folder.resolve("README.md"));
  }

  @Test
  void blocksAreWrittenAnewAndTheTextAroundThemStays() throws IOException {
    String page =
        """
        # By hand
        <!-- bench claims -->
        old
        <!-- end -->
        prose
        <!-- bench engine -->
        old
        <!-- end -->
        more prose
        <!-- bench codec -->
        <!-- end -->
        """;
    assertThat(written(page, section("engine", 1), section("engine", 2)))
        .startsWith("# By hand\n<!-- bench claims -->\n")
        .contains("<!-- end -->\nprose\n<!-- bench engine -->\n\n    ./attribution bench engine\n")
        .contains("| turns | 7 rounds |", "| engine table |")
        .contains("| speed of engine | ≥ 3.00 | 2.00 | ✗ |")
        .contains("more prose\n<!-- bench codec -->\n\n*Not measured.*\n\n<!-- end -->\n")
        .doesNotContain("old", "| 1.00 |");
    String again = Files.readString(home.resolve("docs/benchmarks/README.md"));
    assertThat(written(again, section("engine", 2))).isEqualTo(again);
  }

  @Test
  void claimsOfAllSectionsStandInThePagesOrder() throws IOException {
    String page =
        """
        <!-- bench claims -->
        <!-- end -->
        <!-- bench engine -->
        <!-- end -->
        <!-- bench codec -->
        <!-- end -->
        """;
    assertThat(written(page, section("codec", 5), section("engine", Double.NaN)))
        .contains("| speed of engine | ≥ 3.00 | – | ✗ |\n| speed of codec | ≥ 3.00 | 5.00 | ✓ |\n");
  }

  @Test
  void aCopyElsewhereLinksToTheRepository() throws IOException {
    String page = "[how](../../benchmarks/README.md)\n<!-- bench engine -->\n<!-- end -->\n";
    String published = written(page);
    Path elsewhere = home.resolve("benchmarks/target/report");
    assertThat(Report.write(section("engine", 2), home, elsewhere))
        .containsExactly(elsewhere.resolve("README.md"));
    assertThat(Files.readString(elsewhere.resolve("README.md")))
        .contains("[how](../../../benchmarks/README.md)", "| engine table |");
    assertThat(Files.readString(home.resolve("docs/benchmarks/README.md"))).isEqualTo(published);
  }

  @Test
  void publishedPagesShowThePublishedResults() throws IOException {
    try (Stream<Path> files = Files.list(PUBLISHED)) {
      for (Path page : files.filter(file -> file.toString().endsWith(".md")).toList()) {
        String text = Files.readString(page);
        assertThat(Report.filled(text, PUBLISHED.resolve("results")))
            .as(page.toString())
            .isEqualTo(text);
      }
    }
    assertThat(Files.readString(PUBLISHED.resolve("README.md")))
        .contains("<!-- bench engine -->", "| layers engine, 50→1152×5→2, batch 1024")
        .doesNotContain("*Not measured.*");
  }

  @Test
  void commandsNameNoFoldersOfThisMachine() {
    assertThat(Report.withoutFolders("/opt/venv/bin/python")).isEqualTo("python");
    assertThat(Report.withoutFolders("--python=/opt/venv/bin/python")).isEqualTo("--python=python");
    assertThat(Report.withoutFolders("--rounds=7")).isEqualTo("--rounds=7");
    assertThat(Report.withoutFolders("docs/benchmarks")).isEqualTo("docs/benchmarks");
  }
}
