package io.attribution.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureLineTest {
  @AfterEach
  void quiet() {
    CommandRun.restoreLog();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at http://me:secret@host:8081/x",
        "at https://me:sec/ret@host",
        "at http://secret@host, and http://a:secret@b",
      })
  void showsNoCredentialsOfAddresses(String text) {
    assertThat(FailureLine.of(new IllegalStateException(text)))
        .contains("://[hidden]@")
        .doesNotContain("secret", "sec/ret");
  }

  @Test
  void leavesAddressesWithoutCredentialsAsTheyAre() {
    assertThat(FailureLine.of(new ConfigException("at http://host:8081/subjects, ask me@example")))
        .isEqualTo("at http://host:8081/subjects, ask me@example");
  }

  @Test
  void saysWhatToSetForAPathThatTheLocaleCannotSpell() {
    // Half a character, which no locale spells.
    CommandRun run = CommandRun.of("bundle", "inspect", "b\uD800");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .contains("; the locale cannot spell it: set LC_ALL=C.UTF-8")
        .hasLineCount(1);
  }

  /** Also with --verbose. */
  @Test
  void showsNoCredentialsInStackTraces() {
    CommandRun run =
        CommandRun.of(
            "produce",
            "--verbose",
            "--bootstrap-servers",
            "127.0.0.1:1",
            "--registry",
            "http://me:secret@127.0.0.1:1",
            "--input",
            "../examples/wdbc/data.csv",
            "--property",
            "max.retries=0");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("schema registry http://[hidden]@127.0.0.1:1: Connection refused", "\tat ")
        .doesNotContain("secret");
  }
}
