package io.attribution.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.benchmarks.report.BarChart.Group;
import io.attribution.benchmarks.report.Claim.Bound;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {
  private static final Run RUN =
      new Run(
          "2026-11-24T22:00:00Z",
          "./attribution bench engine",
          Map.of("processor", "one"),
          Map.of("turns", "7 rounds"));

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
  void tablesRefuseRowsThatDoNotFit() {
    assertThatThrownBy(() -> new Table("Times", List.of("who", "time"), List.of(List.of("a"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void chartsAreXmlThatNeedsNothingFromElsewhere() throws Exception {
    String svg = Svg.draw(chart(1, 2));

    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
    assertThat(svg.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http", "<script");
    assertThat(svg).contains("prefers-color-scheme:dark", "speed &lt;&amp;&gt;");
  }

  @Test
  void barsAreAsLongAsTheirValues() {
    String svg = Svg.draw(chart(1, 4));

    Matcher bars = Pattern.compile("<rect x=\"190.0\" y=\"\\d+\" width=\"([\\d.]+)\"").matcher(svg);
    List<Double> lengths = bars.results().map(bar -> Double.valueOf(bar.group(1))).toList();
    assertThat(lengths).hasSize(2);
    assertThat(lengths.get(1)).isEqualTo(4 * lengths.get(0));
  }

  @Test
  void whatWasNotMeasuredHasNoBarAndStandsInNoLegendWhereItNeverWas() {
    Group measured = new Group("digits", List.of(1.0, 2.0, Double.NaN));
    Group other = new Group("wide", List.of(Double.NaN, 1.0, Double.NaN));

    BarChart chart =
        new BarChart("speed", "speed", "s", List.of("a", "b", "absent"), List.of(measured, other));

    assertThat(chart.series()).containsExactly("a", "b");
    assertThat(Svg.draw(chart)).contains("width=\"0.0\"", ">–<").doesNotContain("absent");
  }

  private static BarChart chart(double first, double second) {
    return new BarChart(
        "engine-peers",
        "speed <&>",
        "vmap = 1",
        List.of("a", "b"),
        List.of(new Group("digits", List.of(first, second))));
  }

  private static Section section(String name, double measured, String note) {
    return new Section(
        name,
        "Section " + name,
        RUN,
        List.of(Claim.atLeast("speed of " + name, measured, 3)),
        List.of(new Table("Times", List.of("who"), List.of(List.of("me")))),
        List.of(chart(1, 2)),
        List.of(note));
  }

  @Test
  void pageHoldsClaimsOfAllSectionsInTheirOrder(@TempDir Path folder) throws IOException {
    Report report = new Report(folder.resolve("docs/benchmarks"), folder);

    report.add(section("codec", 5, "a note"));
    report.add(section("engine", 2, "a note"));

    assertThat(Files.readString(report.page()))
        .contains("| speed of engine | ≥ 3.00 | 2.00 | ✗ |\n| speed of codec | ≥ 3.00 | 5.00 | ✓ |")
        .contains("    ./attribution bench engine\n", "| turns | 7 rounds |", "- a note")
        .contains("(../../benchmarks/README.md)", "![speed <&>](engine-peers.svg)")
        .satisfies(
            page ->
                assertThat(page.indexOf("## Section engine"))
                    .isLessThan(page.indexOf("## Section codec")));
    assertThat(folder.resolve("docs/benchmarks/engine-peers.svg")).exists();
  }

  @Test
  void aSectionReplacesTheOneBefore(@TempDir Path folder) throws IOException {
    Report report = new Report(folder, folder);

    report.add(section("engine", 2, "before"));
    report.add(section("engine", 4, "after"));

    assertThat(Files.readString(report.page())).contains("- after").doesNotContain("- before");
  }

  @Test
  void aSectionApartHasAPageOfItsOwn(@TempDir Path folder) throws IOException {
    Report report = new Report(folder.resolve("docs/benchmarks"), folder);
    report.add(section("engine", 2, "a note"));

    report.addApart(section("detectors", 4, "another note"));

    assertThat(Files.readString(report.pageOf("detectors")))
        .startsWith("# Section detectors\n")
        .contains("bench detectors", "(../../benchmarks/README.md)", "- another note")
        .contains("| speed of detectors | ≥ 3.00 | 4.00 | ✓ |");
    assertThat(Files.readString(report.page())).doesNotContain("another note");
  }

  @Test
  void valuesThatAreNoNumbersSurviveTheFile(@TempDir Path folder) throws IOException {
    Report report = new Report(folder, folder);

    report.add(section("engine", Double.NaN, "first"));
    report.add(section("codec", 3, "second"));

    assertThat(Files.readString(report.page())).contains("| speed of engine | ≥ 3.00 | – | ✗ |");
  }

  @Test
  void commandsNameNoFoldersOfThisMachine() {
    assertThat(Destination.withoutFolders("/opt/venv/bin/python")).isEqualTo("python");
    assertThat(Destination.withoutFolders("--python=/opt/venv/bin/python"))
        .isEqualTo("--python=python");
    assertThat(Destination.withoutFolders("--rounds=7")).isEqualTo("--rounds=7");
    assertThat(Destination.withoutFolders("docs/benchmarks")).isEqualTo("docs/benchmarks");
  }
}
