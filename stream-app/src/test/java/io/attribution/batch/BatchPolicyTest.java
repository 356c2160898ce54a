package io.attribution.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchPolicyTest {
  private final BatchPolicy policy = new BatchPolicy(1024, 1 << 20, Duration.ofMillis(5));

  @ParameterizedTest
  @CsvSource({
    "1, 4, 0, false",
    "1, 5, 0, true",
    "1, 5, 10, true",
    "1, 5, 12, false",
    "1, 6, 12, true",
    "1, 75, 150, true",
    "1, 74, 150, false",
    "1, 199, 60000, false",
    "1, 200, 60000, true",
    "0, 60000, 0, false",
  })
  void waitsForTheLingerOrAPartOfWhatTheLastBatchTook(
      int records, long waitedMillis, long lastMillis, boolean due) {
    assertThat(policy.isDue(records, waitedMillis, lastMillis)).isEqualTo(due);
  }
}
