package io.attribution.topology;

import static io.attribution.topology.TopologyHarness.bytes;
import static io.attribution.topology.TopologyHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.batch.BatchPolicy;
import io.attribution.batch.Origin;
import io.attribution.serde.Explained;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a task finds in its store when it starts: the rows of its earlier life. */
class PendingRowsTest {
  private static final BatchPolicy TWO_ROWS = new BatchPolicy(2, 1 << 20, Duration.ofMillis(20));

  private final FakeExplainer explainer = new FakeExplainer("sum", 2, TWO_ROWS);
  private final TopologyHarness harness = new TopologyHarness(explainer);
  private final MockProcessorContext<byte[], Object> context = new MockProcessorContext<>();
  private final KeyValueStore<Integer, InputRecord> store =
      Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore("pending"), Serdes.Integer(), new InputRecordSerde())
          .withLoggingDisabled()
          .build();

  PendingRowsTest() {
    store.init(context.getStateStoreContext(), store);
    context.addStateStore(store);
    context.setCurrentSystemTimeMs(0);
  }

  @AfterEach
  void close() {
    harness.close();
    store.close();
  }

  @Test
  void goesOnWithTheRowsOfAnEarlierLifeInTheirOrder() {
    store.put(7, pending("second", 11, harness.value(3, 4)));
    store.put(3, pending("first", 10, harness.value(1, 2)));
    store.put(0, pending("third", 12, harness.value(5, 6)));

    start();
    tick(100);

    assertThat(explainedKeys()).containsExactly("first", "second", "third");
    assertThat(store.all().hasNext()).isFalse();
  }

  @Test
  void putsRestoredRowsBeforeNewOnes() {
    store.put(1, pending("old", 10, harness.value(1, 2)));

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

    processor.init(context);
    tick(100);

    assertThat(explainedKeys()).containsExactly("row");
  }

  @Test
  void sendsRestoredRowsThatNoModelTakesAnyMoreToTheDeadLetters() {
    store.put(0, pending("stale", 10, harness.value(1, 2, 3)));

    start();
    tick(100);

    assertThat(explainedKeys()).isEmpty();
    assertThat(context.forwarded())
        .extracting(f -> f.childName().orElseThrow())
        .containsExactly("dead-letter");
    assertThat(store.all().hasNext()).isFalse();
  }

  @Test
  void forgetsNoRestoredRowWhenTheEngineFailsForAMoment() {
    for (int i = 0; i < 5; i++) {
      store.put(i, pending("row " + i, 10 + i, harness.value(i, 1)));
    }
    explainer.failures = 2;

    start();
    tick(100);
    tick(100);

    assertThat(explainedKeys()).containsExactly("row 0", "row 1", "row 2", "row 3", "row 4");
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

  private InputRecord pending(String key, long offset, byte[] value) {
    return new InputRecord(
        bytes(key), value, offset, new RecordHeaders(), new Origin("features", 0, offset));
  }

  private MicroBatchProcessor start() {
    MicroBatchProcessor processor =
        new MicroBatchProcessor(
            "pending",
            harness.decoder(),
            TopologyHarness.explainers(explainer),
            Optional.empty(),
            new Sinks(List.of("projected"), List.of(), List.of(), "dead-letter"),
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
