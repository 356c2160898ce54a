package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {
  private static final String HOME = "attribution.home";

  @TempDir Path directory;

  @AfterEach
  void forgetTheExamples() {
    System.clearProperty(HOME);
  }

  @Test
  void saysWhereItLooksForTheExamples() {
    System.setProperty(HOME, directory.toString());

    CommandRun run = DemoRun.of("demo");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "attribution: no folder 'examples' in "
                + directory
                + "; start the demo from the repository's root"
                + System.lineSeparator());
  }

  @Test
  void namesTheExamplesThatThereAre() {
    System.setProperty(HOME, "..");

    CommandRun run = DemoRun.of("demo", "--example", "mnist");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("there is no example 'mnist'; choose one of digits, wdbc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many", "NaN", "5/m"})
  void refusesRatesThatAreNone(String rate) {
    CommandRun run = DemoRun.of("demo", "--rate", rate);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("'" + rate + "' is not a number of records per second");
  }

  @Test
  void leavesNoLogBehind() throws Exception {
    System.setProperty(HOME, directory.toString());
    long before = logs();

    DemoRun.of("demo");

    assertThat(logs()).isEqualTo(before);
  }

  private static long logs() throws Exception {
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("attribution-demo-") && name.endsWith(".log"))
          .count();
    }
  }
}
