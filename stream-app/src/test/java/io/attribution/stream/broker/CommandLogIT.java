package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user of the command sees on standard error. */
class CommandLogIT {
  private static final int FAILURE = 1;
  private static final int BAD_BUNDLE = 3;

  @TempDir private Path directory;

  /** Kafka's clients warn all the time; none of it stands around the reason. */
  @Test
  void saysInOneLineThatNoBrokerAnswersAtTheStart() throws Exception {
    Map<String, String> settings =
        new Endpoints("127.0.0.1:1", "http://127.0.0.1:1")
            .settings(Example.DIGITS.bundle().toString());
    try (AppProcess application = AppProcess.runAsUsersDo(settings, directory)) {
      assertThat(application.waitFor()).isEqualTo(FAILURE);

      assertThat(application.log())
          .startsWith("attribution: Kafka at 127.0.0.1:1: no answer")
          .hasLineCount(1);
    }
  }

  @Test
  void makesEachLineAnObject() throws Exception {
    Map<String, String> settings =
        new Endpoints("127.0.0.1:1", "http://127.0.0.1:1")
            .settings(directory.resolve("none\"here").toString(), "log.format", "json");
    try (AppProcess application = AppProcess.runAsUsersDo(settings, directory)) {
      assertThat(application.waitFor()).isEqualTo(BAD_BUNDLE);

      List<JsonNode> lines = new ArrayList<>();
      for (String line : application.log().lines().toList()) {
        lines.add(new ObjectMapper().readTree(line));
      }
      assertThat(lines).isNotEmpty();
      JsonNode last = lines.get(lines.size() - 1);
      assertThat(last.get("level").asText()).isEqualTo("ERROR");
      assertThat(last.get("formattedMessage").asText()).contains("none\"here");
      assertThat(last.get("timestamp").asLong()).isPositive();
    }
  }
}
