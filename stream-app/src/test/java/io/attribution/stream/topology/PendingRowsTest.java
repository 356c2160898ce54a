package io.attribution.stream.topology;

import static io.attribution.stream.topology.TopologyHarness.bytes;
import static io.attribution.stream.topology.TopologyHarness.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.drift.Origin;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.pending.InputRecord;
import io.attribution.stream.pending.InputRecordSerde;
import io.attribution.stream.pending.PendingRows;
import io.attribution.stream.serde.Explained;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task finds in its store when it starts: the rows of its earlier life. */
class PendingRowsTest {
  private static final BatchPolicy TWO_ROWS = new BatchPolicy(2, 1 << 20, Duration.ofMillis(20));

  @TempDir Path directory;

  private static final String DEAD_LETTER = "dead-letter";

  private final OutputRules rules = TopologyHarness.rules();
  private final FakeExplainer explainer = new FakeExplainer("sum", 2, TWO_ROWS);
  private final TopologyHarness harness = new TopologyHarness(explainer);
  private final MockProcessorContext<byte[], Object> context = new MockProcessorContext<>();
  private final KeyValueStore<Integer, InputRecord> store =
      Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore("pending"), Serdes.Integer(), new InputRecordSerde())
          .withLoggingDisabled()
          .build();
  private final PendingRows pending = new PendingRows(store);

  PendingRowsTest() {
    pending.init(context.getStateStoreContext(), pending);
    context.addStateStore(pending);
    context.setCurrentSystemTimeMs(0);
  }

  @AfterEach
  void close() {
    harness.close();
    store.close();
  }

  @Test
  void goesOnWithTheRowsOfAnEarlierLifeInTheirOrder() {
    store.put(7, row("second", 11, harness.value(3, 4)));
    store.put(3, row("first", 10, harness.value(1, 2)));
    store.put(0, row("third", 12, harness.value(5, 6)));

    start();
    tick(100);

    assertThat(explainedKeys()).containsExactly("first", "second", "third");
    commit();
    commit();
    assertThat(store.all().hasNext()).isFalse();
  }

  @Test
  void putsRestoredRowsBeforeNewOnes() {
    store.put(1, row("old", 10, harness.value(1, 2)));

    MicroBatchProcessor processor = start();
    context.setRecordMetadata("features", 0, 11);
    processor.process(new Record<>(bytes("new"), harness.value(3, 4), 1L));

    assertThat(explainedKeys()).containsExactly("old", "new");
  }

  @Test
  void doesNotExplainARowTwiceWhenTheInstanceIsUsedAgain() {
    MicroBatchProcessor processor = start();
    context.setRecordMetadata("features", 0, 1);
    processor.process(new Record<>(bytes("row"), harness.value(1, 2), 1L));

    commit();
    processor.init(context);
    tick(100);

    assertThat(explainedKeys()).containsExactly("row");
  }

  @Test
  void writesWhatIsPendingAtACommitAndNothingElse() {
    var came = pending.add(row("came and went", 1, new byte[0]));
    pending.remove(came);
    var stays = pending.add(row("stays", 2, new byte[0]));
    commit();
    assertThat(stored()).containsExactly("stays");

    pending.remove(stays);
    pending.add(row("later", 3, new byte[0]));
    assertThat(stored()).containsExactly("stays");
  }

  @Test
  void deletesAStoredRowWithItsOutputsUnderExactlyOnce() {
    pendingUnder(StreamsConfig.EXACTLY_ONCE_V2);
    var row = pending.add(row("row", 1, new byte[0]));
    commit();

    pending.remove(row);
    pending.add(row("in its slot", 2, new byte[0]));
    commit();

    assertThat(stored()).containsExactly("in its slot");
  }

  /** Its outputs are on their way in the first commit, and there before the second begins. */
  @Test
  void deletesAStoredRowOneCommitAfterItsOutputsUnderAtLeastOnce() {
    pendingUnder(StreamsConfig.AT_LEAST_ONCE);
    var row = pending.add(row("row", 1, new byte[0]));
    commit();

    pending.remove(row);
    pending.add(row("next", 2, new byte[0]));
    commit();
    assertThat(stored()).containsExactly("row", "next");
    assertThat(pending.size()).isEqualTo(1);

    pending.add(row("third", 3, new byte[0]));
    commit();
    assertThat(stored()).containsExactly("next", "third");

    pending.add(row("in the free slot", 4, new byte[0]));
    commit();
    assertThat(stored()).containsExactly("in the free slot", "next", "third");
  }

  @Test
  void keepsARowWhoseOutputsDidNotArriveWhenTheTaskIsClosedForIt() {
    pendingUnder(StreamsConfig.AT_LEAST_ONCE);
    var row = pending.add(row("row", 1, new byte[0]));
    commit();

    pending.remove(row);
    commit();
    // The commit's flush of the producer failed: the task is closed, which begins one more.
    pending.flushCache();

    assertThat(stored()).containsExactly("row");
  }

  /** As Kafka Streams begins it, for a task that was at work. */
  private void commit() {
    pending.atWork();
    pending.flushCache();
  }

  private void pendingUnder(String guarantee) {
    Properties config = new Properties();
    config.setProperty(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
    var other =
        new MockProcessorContext<byte[], Object>(config, new TaskId(0, 0), directory.toFile());
    pending.init(other.getStateStoreContext(), pending);
  }

  @Test
  void writesASlotOnlyWhenItChanged() {
    pendingUnder(StreamsConfig.EXACTLY_ONCE_V2);
    pending.add(row("a", 1, new byte[0]));
    commit();
    // Behind its back, to see whether it writes again.
    store.put(0, row("marker", 1, new byte[0]));

    var other = pending.add(row("b", 2, new byte[0]));
    commit();
    pending.remove(other);
    commit();

    assertThat(stored()).containsExactly("marker");
  }

  @Test
  void stopsWhenOffsetsWereCommittedBeforeItsRows() {
    pending.add(row("a", 1, new byte[0]));

    assertThatThrownBy(() -> pending.commit(Map.of()))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageContaining("offsets were committed before the pending rows of slots {0}");

    commit();
    assertThatCode(() -> pending.commit(Map.of())).doesNotThrowAnyException();
  }

  private List<String> stored() {
    List<String> keys = new ArrayList<>();
    try (var entries = store.all()) {
      entries.forEachRemaining(entry -> keys.add(text(entry.value.key())));
    }
    return keys;
  }

  @Test
  void sendsRestoredRowsThatNoModelTakesAnyMoreToTheDeadLetters() {
    store.put(0, row("stale", 10, harness.value(1, 2, 3)));

    start();
    tick(100);

    assertThat(explainedKeys()).isEmpty();
    assertThat(context.forwarded())
        .extracting(f -> f.childName().orElseThrow())
        .containsExactly("dead-letter");
    commit();
    commit();
    assertThat(store.all().hasNext()).isFalse();
  }

  @Test
  void sendsRestoredRowsWhoseOutputsWereRefusedToTheDeadLetters() {
    store.put(1, row("refused", 10, harness.value(1, 2)));
    store.put(2, row("neighbour", 11, harness.value(1, 2)));
    rules.refused("attributions.projected", new Origin("features", 0, 10), "no");

    start();
    tick(100);

    assertThat(explainedKeys()).containsExactly("neighbour");
    assertThat(context.forwarded(DEAD_LETTER))
        .extracting(letter -> text((byte[]) letter.record().key()))
        .containsExactly("refused");
  }

  @Test
  void forgetsNoRestoredRowWhenTheEngineFailsForAMoment() {
    for (int i = 0; i < 5; i++) {
      store.put(i, row("row " + i, 10 + i, harness.value(i, 1)));
    }
    explainer.failures = 2;

    start();
    tick(100);
    tick(100);

    assertThat(explainedKeys()).containsExactly("row 0", "row 1", "row 2", "row 3", "row 4");
    commit();
    commit();
    assertThat(store.all().hasNext()).isFalse();
  }

  @Test
  void storesEverythingThatMustSurvive() {
    InputRecord record =
        new InputRecord(
            null,
            new byte[] {1, 2},
            42,
            new RecordHeaders().add("a", bytes("1")).add("a", null).add("b", new byte[0]),
            new Origin("topic", 3, 77));
    InputRecordSerde serde = new InputRecordSerde();

    InputRecord read =
        serde.deserializer().deserialize("t", serde.serializer().serialize("t", record));

    assertThat(read.key()).isNull();
    assertThat(read.value()).containsExactly(1, 2);
    assertThat(read.timestamp()).isEqualTo(42);
    assertThat(read.origin()).isEqualTo(record.origin());
    assertThat(read.headers()).isEqualTo(record.headers());
  }

  private InputRecord row(String key, long offset, byte[] value) {
    return new InputRecord(
        bytes(key), value, offset, new RecordHeaders(), new Origin("features", 0, offset));
  }

  private MicroBatchProcessor start() {
    MicroBatchProcessor processor =
        new MicroBatchProcessor(
            "pending",
            rules,
            harness.decoder(),
            TopologyHarness.explainers(explainer),
            Optional.empty(),
            new Sinks(List.of("projected"), List.of(), List.of(), DEAD_LETTER),
            BatchListener.SILENT);
    processor.init(context);
    return processor;
  }

  /** Time passes; the timer of the processor's last life fires twice. */
  private void tick(long millis) {
    var timers = context.scheduledPunctuators();
    var timer = timers.get(timers.size() - 1).getPunctuator();
    timer.punctuate(0);
    context.setCurrentSystemTimeMs(context.currentSystemTimeMs() + millis);
    timer.punctuate(millis);
  }

  private List<String> explainedKeys() {
    return context.forwarded().stream()
        .map(MockProcessorContext.CapturedForward::record)
        .filter(record -> ((Object) record.value()) instanceof Explained)
        .map(record -> text(record.key()))
        .toList();
  }
}
