package io.attribution.stream.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules are those of Kafka 4.3's LogValidator. */
class TopicLimitsTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long HOUR = 3_600_000;

  private static TopicLimits limits(Map<String, String> config) {
    return TopicLimits.of(config::get);
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "3600000, true",
    "3600001, false",
    "-7200000, true",
    "-7200001, false",
    "-1800000000000, false"
  })
  void takesTimestampsOfARange(long offset, boolean taken) {
    TopicLimits limits = new TopicLimits(1, 2 * HOUR, HOUR, false);

    assertThat(limits.refusal(false, NOW + offset, NOW).isEmpty()).isEqualTo(taken);
    assertThat(limits.nearest(NOW + offset, NOW)).isBetween(NOW - 2 * HOUR, NOW + HOUR);
    if (taken) {
      assertThat(limits.nearest(NOW + offset, NOW)).isEqualTo(NOW + offset);
    }
  }

  @Test
  void takesEveryTimestampWithoutLimits() {
    for (long timestamp : new long[] {0, 1, NOW, Long.MAX_VALUE}) {
      assertThat(TopicLimits.NONE.refusal(false, timestamp, NOW)).isEmpty();
      assertThat(TopicLimits.NONE.nearest(timestamp, NOW)).isEqualTo(timestamp);
    }
  }

  @Test
  void namesTheSettingAndTheTimestamp() {
    TopicLimits limits = new TopicLimits(1, HOUR, HOUR, true);

    assertThat(limits.refusal(true, Long.MAX_VALUE, NOW))
        .hasValueSatisfying(
            reason ->
                assertThat(reason)
                    .contains("+292278994-08-17")
                    .contains("message.timestamp.after.max.ms=3600000"));
    assertThat(limits.refusal(true, 0, NOW))
        .hasValueSatisfying(
            reason ->
                assertThat(reason)
                    .contains("1970-01-01T00:00:00Z")
                    .contains("message.timestamp.before.max.ms=3600000"));
    assertThat(limits.refusal(false, NOW, NOW))
        .hasValueSatisfying(reason -> assertThat(reason).contains("compacted"));
  }

  @Test
  void readsTheConfigurationOfATopic() {
    assertThat(
            limits(
                Map.of(
                    "max.message.bytes", "5",
                    "message.timestamp.type", "CreateTime",
                    "message.timestamp.before.max.ms", "6",
                    "message.timestamp.after.max.ms", "7",
                    "cleanup.policy", "compact,delete")))
        .isEqualTo(new TopicLimits(5, 6, 7, true));
  }

  @Test
  void readsTheConfigurationOfOlderBrokers() {
    assertThat(limits(Map.of("message.timestamp.difference.max.ms", "6")))
        .isEqualTo(new TopicLimits(Long.MAX_VALUE, 6, 6, false));
  }

  @Test
  void expectsNoLimitWhereTheBrokerOverwritesTimestamps() {
    assertThat(
            limits(
                Map.of(
                    "message.timestamp.type", "LogAppendTime",
                    "message.timestamp.before.max.ms", "6",
                    "message.timestamp.after.max.ms", "7")))
        .isEqualTo(TopicLimits.NONE);
  }
}
