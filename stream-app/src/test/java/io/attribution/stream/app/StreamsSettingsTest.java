package io.attribution.stream.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.config.ConfigLoader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamsSettingsTest {

  @Test
  void pollsAtLeastTwiceWithinALinger() {
    assertThat(settings("batch.linger.ms", "50")).containsEntry("poll.ms", 25L);
    assertThat(settings("batch.linger.ms", "1")).containsEntry("poll.ms", 1L);
  }

  /** Commits happen between polls only: a poll of half a minute would hold them back as long. */
  @Test
  void pollsOftenHoweverLongTheLinger() {
    assertThat(settings("batch.linger.ms", "60000")).containsEntry("poll.ms", 100L);
  }

  @Test
  void commitsOftenWhereResultsWaitForIt() {
    assertThat(settings()).containsEntry("commit.interval.ms", 100);
    assertThat(settings("processing.guarantee", "exactly_once_v2"))
        .containsEntry("commit.interval.ms", 100);
    assertThat(settings("processing.guarantee", "at_least_once"))
        .containsEntry("commit.interval.ms", 1000);
    assertThat(settings("processing.guarantee", "at_least_once", "commit.interval.ms", "7"))
        .containsEntry("commit.interval.ms", "7");
  }

  @Test
  void letsANewInstanceWorkAtOnce() {
    assertThat(new StreamsConfig(settings()).getLong("acceptable.recovery.lag"))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void namesItsClientsAlikeAfterARestart() {
    assertThat(settings("application.id", "mine")).containsEntry("client.id", "mine");
    assertThat(settings()).containsEntry("client.id", "attribution-streams");
    assertThat(settings("client.id", "other")).containsEntry("client.id", "other");
  }

  @Test
  void keepsTheChangelogShort() {
    assertThat(settings()).containsEntry("topic.segment.bytes", "16777216");
  }

  @Test
  void givesWayToWhateverTheUserSet() {
    Properties settings =
        settings(
            "poll.ms", "7",
            "main.consumer.max.poll.records", "11",
            "consumer.max.partition.fetch.bytes", "12",
            "producer.linger.ms", "13",
            "batch.size", "14",
            "topic.segment.bytes", "1048576",
            "acceptable.recovery.lag", "15");

    assertThat(settings)
        .containsEntry("poll.ms", "7")
        .containsEntry("main.consumer.max.poll.records", "11")
        .doesNotContainKey("main.consumer.max.partition.fetch.bytes")
        .containsEntry("producer.linger.ms", "13")
        .doesNotContainKey("producer.batch.size")
        .containsEntry("topic.segment.bytes", "1048576")
        .containsEntry("acceptable.recovery.lag", "15");
  }

  @ParameterizedTest(name = "{0} partitions, {1} cores: {2} threads")
  @CsvSource({"6, 2, 2", "1, 8, 1", "100, 64, 16", "3, 3, 3"})
  void takesAStreamThreadForEachCoreThatHasAPartition(int partitions, int cores, int threads) {
    Properties settings = StreamsSettings.withThreads(new Properties(), partitions, cores);

    assertThat(settings.get("num.stream.threads")).isEqualTo(threads);
  }

  @Test
  void leavesTheUsersStreamThreadsAlone() {
    Properties settings = new Properties();
    settings.put("num.stream.threads", "5");

    assertThat(StreamsSettings.withThreads(settings, 6, 2).get("num.stream.threads"))
        .isEqualTo("5");
  }

  private static Properties settings(String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bundles", "unused");
    settings.put("bootstrap.servers", "unused:1");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return StreamsSettings.of(ConfigLoader.of(settings, "test"), MessageSizes.of(List.of()));
  }
}
