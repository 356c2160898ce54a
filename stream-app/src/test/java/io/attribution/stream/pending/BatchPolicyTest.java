package io.attribution.stream.pending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchPolicyTest {
  @ParameterizedTest
  @CsvSource({
    "5, 1, 4, 0, false",
    "5, 1, 5, 0, true",
    "5, 1, 5, 10, true",
    "5, 1, 5, 12, false",
    "5, 1, 6, 12, true",
    "5, 1, 75, 150, true",
    "5, 1, 74, 150, false",
    "5, 1, 99, 60000, false",
    "5, 1, 100, 60000, true",
    "1, 1, 99, 60000, false",
    "1, 1, 100, 60000, true",
    "250, 1, 249, 60000, false",
    "250, 1, 250, 60000, true",
    "5, 0, 60000, 0, false",
  })
  void waitsForTheLingerOrAPartOfWhatTheLastBatchTook(
      long linger, int records, long waitedMillis, long lastMillis, boolean due) {
    BatchPolicy policy = new BatchPolicy(1024, 1 << 20, Duration.ofMillis(linger));

    assertThat(policy.isDue(records, waitedMillis, lastMillis)).isEqualTo(due);
  }
}
