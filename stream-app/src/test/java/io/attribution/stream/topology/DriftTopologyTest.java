package io.attribution.stream.topology;

import static io.attribution.stream.topology.TopologyHarness.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.WatchedModel;
import io.attribution.engine.attribution.ExplainedRow;
import io.attribution.engine.bundle.WatchLimits;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DriftTopologyTest {
  private static final Instant START = Instant.parse("2026-11-25T00:00:00Z");
  private static final int BATCH = 3;

  private final FakeExplainer explainer =
      new FakeExplainer("sum", 2, new BatchPolicy(BATCH, 1 << 20, Duration.ofMillis(20)));
  private final TopologyHarness harness = new TopologyHarness(explainer);
  private final Random random = new Random(7);
  private int batches;
  private int rows;

  @AfterEach
  void close() {
    harness.close();
  }

  /** One batch each 100 ms of event time. */
  private void sendBatches(int count) {
    for (int i = 0; i < count * BATCH; i++) {
      Instant timestamp = START.plusMillis(100L * (batches + i / BATCH));
      harness.send("key", harness.value(1, 2 + i % 7), timestamp);
    }
    batches += count;
  }

  @Test
  void opensOneAlertWhenExplanationsStopAddingUpAndResolvesItWhenTheyDoAgain() {
    sendBatches(20);
    assertThat(harness.alerts()).isEmpty();

    explainer.relativeError = 0.01f;
    sendBatches(3);
    explainer.relativeError = 0;
    sendBatches(30);

    List<TestRecord<byte[], GenericRecord>> alerts = harness.alerts();
    assertThat(alerts)
        .extracting(a -> a.value().get("state").toString())
        .containsExactly("open", "resolved");
    GenericRecord open = alerts.get(0).value();
    assertThat(open.get("kind")).hasToString("linearity_error");
    assertThat(open.get("severity")).hasToString("critical");
    assertThat(open.get("probableCause")).hasToString("bias_present");
    assertThat((Double) open.get("statistic")).isBetween(0.005, 0.011);
    assertThat(open.get("since")).isEqualTo(START.plusMillis(2000).toEpochMilli());
    assertThat(((GenericRecord) open.get("worst")).get("topic")).hasToString("features");
    assertThat((Long) ((GenericRecord) open.get("worst")).get("offset")).isBetween(60L, 62L);
    assertThat(alerts.get(1).value().get("alertId")).isEqualTo(open.get("alertId"));
    assertThat(harness.heard).hasSize(2);
  }

  @Test
  void writesAlertsAsCloudEvents() {
    explainer.relativeError = 0.5f;
    sendBatches(4);

    TestRecord<byte[], GenericRecord> alert = harness.alerts().get(0);
    assertThat(alert.key()).asString().isEqualTo("sum");
    assertThat(header(alert, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(alert, "ce_type")).isEqualTo("io.attribution.alert.open");
    assertThat(header(alert, "ce_source")).isEqualTo("/attribution-streams/models/sum");
    assertThat(header(alert, "ce_subject")).isEqualTo("linearity_error");
    assertThat(header(alert, "ce_time")).startsWith("2026-11-25T00:00:00");
    assertThat(header(alert, "ce_id")).contains("linearity_error");
  }

  @Test
  void mergesBatchesIntoWindowsOfEventTime() {
    sendBatches(25);

    List<TestRecord<byte[], GenericRecord>> windows = harness.windows();
    assertThat(windows)
        .extracting(w -> w.value().get("start"), w -> w.value().get("count"))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(START.toEpochMilli(), 30L),
            org.assertj.core.groups.Tuple.tuple(START.plusSeconds(1).toEpochMilli(), 30L));
  }

  @Test
  void aTimestampFarInTheFutureHoldsUpNeitherWindowsNorTheEndOfAnAlert() {
    sendBatches(20);
    harness.now = START.plusMillis(2000);
    explainer.relativeError = 0.01f;
    for (int i = 0; i < BATCH; i++) {
      harness.send("key", harness.value(1, 2), Instant.parse("2099-01-01T00:00:00Z"));
    }
    explainer.relativeError = 0;
    harness.now = START.plusMillis(6000);
    sendBatches(40);

    assertThat(harness.alerts())
        .extracting(alert -> alert.value().get("state").toString())
        .containsExactly("open", "resolved");
    assertThat(harness.windows())
        .extracting(window -> window.value().get("start"))
        .containsExactly(
            START.toEpochMilli(),
            START.plusSeconds(1).toEpochMilli(),
            START.plusSeconds(2).toEpochMilli(),
            START.plusSeconds(3).toEpochMilli(),
            START.plusSeconds(4).toEpochMilli());
  }

  @Test
  void samplesFarInTheFutureDoNotKeepAVersionInUse() {
    sendRows(300, 0);
    sendRows(119, 5);
    GenericRecord sample = harness.samples().get(0).value();
    harness.now = START.plusSeconds(5);
    pipe(Topics.DEFAULT.samples(), sample, Instant.parse("2099-01-01T00:00:00Z"));
    assertThat(harness.alerts()).hasSize(2);

    harness.now = START.plusSeconds(70);
    sample.put("version", "next");
    sample.put("bundle", "another");
    pipe(Topics.DEFAULT.samples(), sample, START.plusSeconds(70));

    assertThat(harness.alerts())
        .hasSize(2)
        .allMatch(alert -> alert.value().get("state").toString().equals("resolved"));
  }

  @Test
  void publishesTheLastWindowOfAStreamThatStopped() {
    sendBatches(25);
    harness.windows();

    harness.driver.advanceWallClockTime(Duration.ofSeconds(3));

    assertThat(harness.windows()).extracting(w -> w.value().get("count")).containsExactly(15L);
    harness.driver.advanceWallClockTime(Duration.ofSeconds(30));
    assertThat(harness.windows()).isEmpty();
  }

  @Test
  void resolvesAlertsOfAModelThatSendsNothing() {
    sendRows(300, 0);
    sendRows(120, 5);
    explainer.relativeError = 0.5f;
    sendBatches(4);
    // Pending rows count as records of the model, too: two ticks drain them, even if the first one
    // only starts their wait.
    harness.driver.advanceWallClockTime(Duration.ofSeconds(1));
    harness.driver.advanceWallClockTime(Duration.ofSeconds(1));
    assertThat(harness.alerts()).hasSize(3);

    harness.driver.advanceWallClockTime(Duration.ofHours(23));
    assertThat(harness.alerts()).isEmpty();
    harness.driver.advanceWallClockTime(Duration.ofHours(2));

    assertThat(harness.alerts())
        .hasSize(3)
        .allSatisfy(
            alert -> {
              assertThat(alert.value().get("state")).hasToString("resolved");
              assertThat(alert.value().get("message").toString())
                  .startsWith("resolved: sum")
                  .endsWith("for a day");
            });
  }

  @Test
  void keepsWhatItKnowsOfAModelThatComesBack() {
    sendRows(300, 0);
    harness.driver.advanceWallClockTime(Duration.ofDays(3));

    sendRows(120, 5);

    assertThat(harness.alerts()).hasSize(2);
  }

  @Test
  void keepsSamplesInOnePiece() {
    sendBatches(2);

    assertThat(harness.samples())
        .hasSize(6)
        .allSatisfy(
            sample -> {
              assertThat(sample.key()).asString().isEqualTo("sum");
              assertThat(sample.value().get("features")).isEqualTo(sample.value().get("reduced"));
              assertThat((List<?>) sample.value().get("features")).hasSize(2);
            });
  }

  @Test
  void namesTheFeatureThatMovedAndKeepsTheLinearityAlarmQuiet() {
    sendRows(300, 0);
    assertThat(harness.alerts()).isEmpty();

    sendRows(120, 5);

    List<TestRecord<byte[], GenericRecord>> alerts = harness.alerts();
    assertThat(alerts)
        .extracting(alert -> alert.value().get("kind").toString())
        .containsExactlyInAnyOrder("attribution", "input");
    for (TestRecord<byte[], GenericRecord> alert : alerts) {
      List<?> moved = (List<?>) alert.value().get("features");
      assertThat(((GenericRecord) moved.get(0)).get("feature")).hasToString("f1");
      assertThat(alert.value().get("probableCause")).isNull();
    }
    assertThat(alerts)
        .extracting(alert -> alert.value().get("message").toString())
        .anyMatch(message -> message.contains("inputs moved too: f1"));
  }

  @Test
  void noticesAStreamThatIsShiftedFromItsFirstRecordWhereTheModelBringsAReference() {
    harness.known = Optional.of(new WatchedModel(List.of("f0", "f1"), reference()));

    sendRows(17 * BATCH, 5);

    assertThat(harness.alerts())
        .extracting(alert -> alert.value().get("kind").toString())
        .containsExactlyInAnyOrder("attribution", "input");
  }

  @Test
  void cannotNoticeItWithoutOne() {
    sendRows(1000, 5);

    assertThat(harness.alerts()).isEmpty();
  }

  @Test
  void rowsLikeTheReferenceAreNoAlarm() {
    harness.known = Optional.of(new WatchedModel(List.of("f0", "f1"), reference()));

    sendRows(1000, 0);

    assertThat(harness.alerts()).isEmpty();
  }

  /** As the fake explainer explains them. */
  private List<ExplainedRow> reference() {
    return IntStream.range(0, 200)
        .mapToObj(i -> new float[] {(float) random.nextGaussian(), (float) random.nextGaussian()})
        .map(row -> new ExplainedRow(row, row))
        .toList();
  }

  /** Rows of which the second feature is shifted. */
  private void sendRows(int count, float shift) {
    for (int i = 0; i < count; i++) {
      // Enough wall-clock time for every row to be sampled.
      harness.driver.advanceWallClockTime(Duration.ofMillis(10));
      harness.send(
          "key",
          harness.value((float) random.nextGaussian(), shift + (float) random.nextGaussian()),
          START.plusMillis(10L * rows++));
    }
  }

  @Test
  void passesOverWhatIsNoVerificationMetric() {
    harness
        .driver
        .createInputTopic(
            Topics.DEFAULT.verification(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new byte[] {1}, new byte[] {1, 2, 3});

    explainer.relativeError = 0.5f;
    sendBatches(4);

    assertThat(harness.alerts()).hasSize(1);
  }

  @Test
  void passesOverNumbersThatAreNone() {
    sendBatches(1);
    GenericRecord metric = harness.verification().get(0).value();
    GenericRecord sample = harness.samples().get(0).value();
    metric.put("maxError", Double.NaN);
    sample.put("reduced", List.of(Float.NaN, 1f));
    pipe(Topics.DEFAULT.verification(), metric);
    for (int i = 0; i < 200; i++) {
      pipe(Topics.DEFAULT.samples(), sample);
    }

    explainer.relativeError = 0.5f;
    sendBatches(4);

    assertThat(harness.alerts())
        .extracting(a -> a.value().get("kind").toString())
        .containsExactly("linearity_error");
  }

  @Test
  void passesOverASampleOfAnotherLength() {
    sendRows(30, 0);
    GenericRecord sample = harness.samples().get(0).value();
    sample.put("features", List.of(1f, 2f, 3f));
    sample.put("reduced", List.of(1f, 2f, 3f));
    pipe(Topics.DEFAULT.samples(), sample);

    sendRows(150, 0);
    sendRows(120, 5);

    assertThat(harness.alerts()).hasSize(2);
  }

  /** As a fault of somebody else's: the model that is loaded has two. */
  @Test
  void aFirstSampleOfAnotherLengthDoesNotDecideHowManyFeaturesAModelHas() {
    harness.known = Optional.of(new WatchedModel(List.of("f0", "f1"), List.of()));
    pipe(Topics.DEFAULT.samples(), firstSample(3));

    sendRows(150, 0);
    sendRows(120, 5);

    assertThat(harness.alerts()).hasSize(2);
  }

  @Test
  void passesOverModelsThatAreTooWideToWatch() {
    GenericRecord wide = firstSample(WatchLimits.MOST_FEATURES + 1);
    pipe(Topics.DEFAULT.samples(), wide);
    pipe(Topics.DEFAULT.samples(), wide);

    try (var stored = harness.driver.getKeyValueStore(AttributionTopology.DRIFT_STATE).all()) {
      assertThat(stored.hasNext()).isFalse();
    }
  }

  /** A sample of the model that comes before all others. */
  private GenericRecord firstSample(int features) {
    GenericRecord sample;
    try (TopologyHarness another =
        new TopologyHarness(new FakeExplainer("sum", 2, explainer.policy()))) {
      for (int i = 0; i < BATCH; i++) {
        another.send("key", another.value(1, 2), START);
      }
      sample = another.samples().get(0).value();
    }
    List<Float> values = Collections.nCopies(features, 1f);
    sample.put("features", values);
    sample.put("reduced", values);
    return sample;
  }

  /** Long before the new version has a reference of its own. */
  @Test
  void endsTheAlertsOfAVersionThatAnotherTookOverFromAtItsFirstSample() {
    sendRows(300, 0);
    sendRows(120, 5);
    GenericRecord sample = harness.samples().get(0).value();
    assertThat(harness.alerts()).hasSize(2);

    sample.put("version", "next");
    sample.put("bundle", "another");
    pipe(Topics.DEFAULT.samples(), sample, START.plusSeconds(70));

    assertThat(harness.alerts())
        .hasSize(2)
        .allSatisfy(
            alert -> {
              assertThat(alert.value().get("state")).hasToString("resolved");
              assertThat(alert.value().get("message").toString()).contains("no longer in use");
            });
  }

  private void pipe(String topic, GenericRecord value) {
    pipe(topic, value, START);
  }

  private void pipe(String topic, GenericRecord value, Instant timestamp) {
    ByteArraySerializer bytes = new ByteArraySerializer();
    harness
        .driver
        .createInputTopic(topic, bytes, bytes)
        .pipeInput(new byte[] {1}, harness.serialize(topic, value), timestamp);
  }
}
