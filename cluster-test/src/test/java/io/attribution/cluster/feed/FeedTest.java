package io.attribution.cluster.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.stream.serde.Schemas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FeedTest {
  private static final int RECORDS = 20_000;
  private static final long START = 1_800_000_000_000L;
  private static final WriterSchema SCHEMA = new WriterSchema(1, Schemas.FEATURE_RECORD);

  private final Feed feed = feed(5);

  private static Feed feed(long seed) {
    return new Feed(seed, START, List.of(new float[64], new float[64]), SCHEMA);
  }

  @Test
  void givesTheSameRecordsForTheSameSeed() {
    for (int index = 0; index < 1_000; index++) {
      FeedRecord record = feed.record(index);
      assertThat(feed(5).record(index)).isEqualTo(record);
      assertThat(feed(5).value(record, SCHEMA)).isEqualTo(feed.value(record, SCHEMA));
    }
    assertThat(feed(6).record(1)).isNotEqualTo(feed.record(1));
  }

  @Test
  void makesOneInAHundredBadAndOfEveryKind() {
    Map<Content, Long> contents =
        IntStream.range(0, RECORDS)
            .mapToObj(index -> feed.record(index).content())
            .collect(Collectors.groupingBy(content -> content, Collectors.counting()));

    assertThat(contents).containsOnlyKeys(Content.values());
    assertThat(RECORDS - contents.get(Content.GOOD)).isBetween(RECORDS / 150L, RECORDS / 70L);
  }

  @Test
  void jumpsInTimeBothWaysBeyondWhatTopicsTakeByDefault() {
    long[] jumps =
        IntStream.range(0, RECORDS)
            .mapToLong(index -> feed.record(index).timestamp() - START - index)
            .distinct()
            .toArray();

    assertThat(LongStream.of(jumps).max()).hasValue(Duration.ofDays(5).toMillis());
    assertThat(LongStream.of(jumps).min()).hasValue(Duration.ofDays(-3).toMillis());
    assertThat(jumps).contains(0);
  }

  @Test
  void leavesSomeRecordsWithoutAKeyAndRepeatsTheOthers() {
    List<FeedRecord> records = IntStream.range(0, RECORDS).mapToObj(feed::record).toList();

    assertThat(records.stream().filter(record -> record.key().isEmpty()).count())
        .isBetween(RECORDS / 25L, RECORDS / 16L);
    assertThat(records.stream().flatMap(record -> record.key().stream()).distinct()).hasSize(997);
  }

  @Test
  void remembersEveryPosition() {
    Ledger ledger = new Ledger(2);
    for (int index = 0; index < 5_000; index++) {
      ledger.add(index % 2, index, index);
    }

    assertThat(ledger.size()).isEqualTo(5_000);
    assertThat(ledger.index(1, 4_999)).isEqualTo(4_999);
    assertThat(ledger.index(0, 4_999)).isEqualTo(Ledger.NONE);
    assertThat(ledger.index(2, 0)).isEqualTo(Ledger.NONE);
    assertThat(ledger.index(0, 5_000_000_000L)).isEqualTo(Ledger.NONE);
    assertThatThrownBy(() -> ledger.add(1, 4_999, 7)).isInstanceOf(IllegalStateException.class);
  }
}
