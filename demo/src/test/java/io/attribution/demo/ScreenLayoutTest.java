package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.method.ContributionMethod;
import io.attribution.schema.ProjectedContribution;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Terminal.Size;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenLayoutTest {
  private static final Streaming.Traffic TRAFFIC =
      new Streaming.Traffic(1234, OptionalLong.of(2000), 200.4, 199.6);

  @ParameterizedTest
  @CsvSource({"digits", "wdbc"})
  void fitsEveryScreen(String name) {
    Example example = Sample.example(name);
    Scoreboard board = Sample.busyBoard(example);
    for (int columns = 20; columns <= 200; columns += 9) {
      for (int rows = 5; rows <= 70; rows += 3) {
        List<Line> lines = lines(example, board, columns, rows);
        assertThat(lines).hasSizeLessThanOrEqualTo(rows);
        int widest = lines.stream().mapToInt(Line::width).max().orElse(0);
        assertThat(widest).as("%d x %d", columns, rows).isLessThan(columns);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"digits, 80, 24", "digits, 140, 45", "wdbc, 80, 24", "wdbc, 140, 45"})
  void showsEverythingOnUsualScreens(String name, int columns, int rows) {
    Example example = Sample.example(name);

    List<Line> lines = lines(example, Sample.busyBoard(example), columns, rows);

    assertThat(lines).hasSize(rows);
    assertThat(text(lines))
        .contains("model " + name + " 1")
        .contains("in 1,234 (200/s) → explained 20 (200/s) + dead letters 6")
        .contains("latency p50 29 ms, p99 39 ms")
        .contains("1 % of 2,000")
        .contains("row 19 (label " + example.label(19).orElseThrow() + ") from features-1@19")
        .contains("✓ exact, relative error 1.3e-07")
        .contains("others")
        .contains("✓ relative error 2.5e-07, max error 2.3e-06 over 20 records")
        .contains("DEAD LETTERS  6 records, bad on purpose; 1 neighbour explained")
        .contains("tombstone", "unknown_schema")
        .contains("Ctrl-C stops");
  }

  @Test
  void drawsThePictureOnAnOrdinaryTerminal() {
    Example example = Sample.example("digits");

    assertThat(text(lines(example, Sample.busyBoard(example), 80, 24)))
        .contains("the row           |contribution|");
  }

  @Test
  void showsRawValuesWhereThereIsNoPicture() {
    Example example = Sample.example("wdbc");

    assertThat(text(lines(example, Sample.busyBoard(example), 140, 45))).contains("_error = ");
  }

  @Test
  void waitsForTheFirstExplanation() {
    Example example = Sample.example("digits");

    List<Line> lines =
        layout(example)
            .lines(new Scoreboard(Sample.CLOCK), TRAFFIC, Optional.empty(), new Size(80, 24));

    assertThat(lines).hasSize(24);
    assertThat(text(lines))
        .contains("waiting for the first explanation")
        .contains("latency -")
        .contains("VERIFICATION  nothing yet");
  }

  @Test
  void showsRecordsThatAreNoRowsOfTheExample() {
    Example example = Sample.example("digits");
    for (String recordId : List.of("order-7", "-1", "1797", "99999999999")) {
      ProjectedContribution explanation = Sample.explanation(example, recordId, 0);

      List<Line> lines =
          layout(example)
              .lines(
                  new Scoreboard(Sample.CLOCK),
                  TRAFFIC,
                  Optional.of(explanation),
                  new Size(80, 24));

      assertThat(text(lines)).contains("record " + recordId + " from").doesNotContain("the row");
    }
  }

  private static List<Line> lines(Example example, Scoreboard board, int columns, int rows) {
    return layout(example).lines(board, TRAFFIC, board.latest(), new Size(columns, rows));
  }

  private static ScreenLayout layout(Example example) {
    ModelIdentity model =
        new ModelIdentity(
            example.bundle().name(),
            "1",
            "f",
            1e-4,
            "layers",
            ContributionMethod.JACOBIAN,
            2,
            example.bundle().featureCount());
    return new ScreenLayout(model, new ExplanationPanel(example, true), "Ctrl-C stops.");
  }

  private static String text(List<Line> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.plain()).append('\n'));
    return text.toString();
  }
}
