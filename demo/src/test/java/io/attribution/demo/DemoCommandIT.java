package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.cli.CommandRun;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole demonstration: broker, registry, topology, and the check at its end. */
class DemoCommandIT {
  private static final String HOME = "attribution.home";

  @BeforeEach
  void findTheExamples() {
    System.setProperty(HOME, "..");
  }

  @AfterEach
  void forgetTheExamples() {
    System.clearProperty(HOME);
  }

  @Test
  void accountsForEveryRecordByReadingTheTopicsBack() {
    CommandRun run = DemoRun.of("demo", "--records", "300");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).as(run.out()).isZero();
    assertThat(run.out())
        .contains(
            "300 in = 293 projected + 7 dead letters",
            "✓ read back from the topics: every record came out exactly once")
        .contains("293 reduced; 293 verified in ")
        .doesNotContain("\u001b");
    assertThat(
            Pattern.compile("^EXPLANATION \\d OF 3", Pattern.MULTILINE)
                .matcher(run.out())
                .results())
        .hasSizeBetween(1, 3);
    assertThat(figure(run, "worst single record (\\S+)")).isBetween(1e-9, 1e-4);
    assertThat(figure(run, "first explanation +(\\S+) s after")).isBetween(0.1, 60.0);
  }

  @Test
  void explainsTheOtherExampleWithTheOtherEngine() {
    CommandRun run =
        DemoRun.of(
            "demo",
            "--example",
            "wdbc",
            "--records",
            "20",
            "--engine",
            "autograd",
            "--rate",
            "100/s",
            "--batch-size",
            "4");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("20 in = 10 projected + 10 dead letters")
        .containsPattern("\\(label (benign|malignant)\\)");
  }

  private static double figure(CommandRun run, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(run.out());
    assertThat(matcher.find()).as(run.out()).isTrue();
    return Double.parseDouble(matcher.group(1));
  }
}
