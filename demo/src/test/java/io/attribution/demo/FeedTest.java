package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 10, 14, 100, 300, 2000, 100_000})
  void hasAsManyRecordsAsPlannedAndCountsTheBadOnes(long records) {
    Feed.Plan plan = new Feed.Plan(OptionalLong.of(records));

    assertThat(plan.has(records - 1)).isTrue();
    assertThat(plan.has(records)).isFalse();
    long bad = LongStream.range(0, records).filter(n -> plan.fault(n).isPresent()).count();
    assertThat(plan.faults(records)).isEqualTo(bad);
  }

  @ParameterizedTest
  @ValueSource(longs = {14, 300, 2000, 100_000})
  void hasEveryKindOfFaultAndFewOfThem(long records) {
    Feed.Plan plan = new Feed.Plan(OptionalLong.of(records));
    Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    LongStream.range(0, records)
        .mapToObj(plan::fault)
        .flatMap(Optional::stream)
        .forEach(fault -> faults.merge(fault, 1, Integer::sum));

    assertThat(faults).containsOnlyKeys(Fault.values());
    assertThat(plan.faults(records)).isLessThanOrEqualTo(Math.max(7, records / 200));
  }

  @Test
  void beginsWellAndNeverPutsTwoBadOnesTogether() {
    for (long records = 1; records < 50; records++) {
      Feed.Plan plan = new Feed.Plan(OptionalLong.of(records));
      assertThat(plan.fault(0)).isEmpty();
      for (long n = 1; n < records; n++) {
        assertThat(plan.fault(n).isPresent() && plan.fault(n - 1).isPresent()).isFalse();
      }
    }
  }

  @Test
  void goesOnWithoutEnd() {
    Feed.Plan plan = new Feed.Plan(OptionalLong.empty());

    assertThat(plan.has(Long.MAX_VALUE - 1)).isTrue();
    assertThat(plan.fault(199)).contains(Fault.TOMBSTONE);
    assertThat(plan.fault(399)).contains(Fault.GARBAGE);
  }
}
