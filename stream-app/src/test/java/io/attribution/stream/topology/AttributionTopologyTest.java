package io.attribution.stream.topology;

import static io.attribution.stream.topology.TopologyHarness.bytes;
import static io.attribution.stream.topology.TopologyHarness.header;
import static io.attribution.stream.topology.TopologyHarness.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.drift.Origin;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.pending.PendingRows;
import io.attribution.stream.serde.Schemas;
import io.attribution.stream.topics.TopicLimits;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttributionTopologyTest {
  private static final Duration LINGER = Duration.ofMillis(20);
  private static final BatchPolicy THREE_ROWS = new BatchPolicy(3, 1 << 20, LINGER);

  private final FakeExplainer explainer = new FakeExplainer("sum", 2, THREE_ROWS);
  private final FakeExplainer other = new FakeExplainer("other", 3, THREE_ROWS);
  private final TopologyHarness harness = new TopologyHarness(explainer, other);

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void explainsABatchAsSoonAsItIsFull() {
    harness.send("a", harness.value(1, 2));
    harness.send("b", harness.value(3, 4));
    assertThat(harness.projected()).isEmpty();

    harness.send("c", harness.value(5, 6));

    assertThat(harness.projected())
        .extracting(r -> r.value().get("contributions"))
        .containsExactly(List.of(1f, 2f), List.of(3f, 4f), List.of(5f, 6f));
    assertThat(explainer.batchSizes).containsExactly(3);
  }

  @Test
  void explainsALonelyRecordAfterTheLinger() {
    harness.send("a", harness.value(1, 2));

    harness.driver.advanceWallClockTime(LINGER.minusMillis(1));
    assertThat(harness.projected()).isEmpty();
    harness.driver.advanceWallClockTime(LINGER);

    assertThat(harness.projected()).hasSize(1);
  }

  @Test
  void waitsLongerForMoreRowsWhereABatchTakesLong() {
    explainer.pause = LINGER.multipliedBy(12);
    harness.send("a", harness.value(1, 2));
    harness.send("b", harness.value(3, 4));
    harness.send("c", harness.value(5, 6));
    explainer.pause = Duration.ZERO;
    harness.send("d", harness.value(1, 2));

    harness.driver.advanceWallClockTime(LINGER.multipliedBy(2));
    assertThat(explainer.batchSizes).containsExactly(3);
    harness.driver.advanceWallClockTime(LINGER.multipliedBy(20));

    assertThat(explainer.batchSizes).containsExactly(3, 1);
  }

  /** Kafka Streams' time stands still while records are processed, also while a batch computes. */
  @Test
  void doesNotCountTheTimeOfABatchForTheRowsBehindIt() {
    for (String key : List.of("a", "b", "c", "behind")) {
      harness.send(key, harness.value(1, 2));
    }

    harness.driver.advanceWallClockTime(LINGER.multipliedBy(12));
    assertThat(explainer.batchSizes).containsExactly(3);
    harness.driver.advanceWallClockTime(LINGER);

    assertThat(explainer.batchSizes).containsExactly(3, 1);
  }

  @Test
  void doesNotCountTheTimeOfAnotherModelsBatchEither() {
    for (String key : List.of("a", "b", "c")) {
      harness.send(key, harness.value(1, 2));
    }
    harness.send("behind", harness.value(Optional.of("other"), 1, 2, 3));

    harness.driver.advanceWallClockTime(LINGER.multipliedBy(12));
    assertThat(other.batchSizes).isEmpty();
    harness.driver.advanceWallClockTime(LINGER);

    assertThat(other.batchSizes).containsExactly(1);
  }

  @Test
  void explainsABatchAsSoonAsItsBytesAreEnough() {
    FakeExplainer bytes = new FakeExplainer("bytes", 2, new BatchPolicy(100, 100, LINGER));
    try (TopologyHarness small = new TopologyHarness(bytes)) {
      small.send("a", small.value(1, 2));
      small.send("b", small.value(1, 2));

      assertThat(bytes.batchSizes).containsExactly(2);

      small.features.pipeInput(
          new TestRecord<>(
              bytes("c"),
              small.value(1, 2),
              new RecordHeaders().add("large", new byte[100]),
              Instant.EPOCH));
      assertThat(bytes.batchSizes).containsExactly(2, 1);
    }
  }

  /** At a commit it would be too late: the application would stop, and stop again. */
  @Test
  void turnsRecordsThatCouldNotBeStoredIntoShortDeadLetters() {
    String name = "h".repeat(65_536);
    harness.features.pipeInput(
        new TestRecord<>(
            bytes("name"),
            harness.value(1, 2),
            new RecordHeaders().add(name, new byte[0]),
            Instant.EPOCH));
    RecordHeaders many = new RecordHeaders();
    IntStream.range(0, 200_000).forEach(i -> many.add("x", null));
    harness.features.pipeInput(
        new TestRecord<>(bytes("headers"), harness.value(1, 2), many, Instant.EPOCH));
    harness.send("k".repeat((int) TopologyHarness.LARGEST_INPUT), harness.value(1, 2));
    harness.send("fits", harness.value(1, 2));
    harness.driver.advanceWallClockTime(LINGER);

    List<TestRecord<byte[], byte[]>> letters = harness.deadLetters();
    assertThat(letters).hasSize(3);
    assertThat(letters)
        .allSatisfy(
            letter -> {
              assertThat(header(letter, DeadLetters.REASON)).isEqualTo("too_large");
              assertThat(letter.value()).isNull();
              assertThat(letter.headers().toArray()).hasSize(5);
            });
    assertThat(letters.stream().map(letter -> header(letter, DeadLetters.MESSAGE)))
        .containsExactly(
            "the name of a header takes 65,536 bytes, the most is 65,535",
            "key, value and headers take 1,400,067 bytes uncompressed, the most is 1,048,576",
            "key, value and headers take 1,048,636 bytes uncompressed, the most is 1,048,576");
    assertThat(letters.get(0).key()).isEqualTo(bytes("name"));
    assertThat(letters.get(2).key()).isNull();
    assertThat(explainer.batchSizes).containsExactly(1);
  }

  @Test
  void turnsRecordsThatAnOutputRefusesIntoDeadLetters() {
    Instant now = Instant.now();
    harness.rules.limit(
        Map.of("attributions.reduced", new TopicLimits(1 << 20, 60_000, 60_000, true)));
    harness.send("good-1", harness.value(1, 2), now);
    harness.send("future", harness.value(1, 2), now.plus(Duration.ofDays(1)));
    harness.send("past", harness.value(1, 2), now.minus(Duration.ofDays(1)));
    harness.features.pipeInput(new TestRecord<>(null, harness.value(1, 2), now));
    harness.send("wrong", harness.value(1, 2, 3), now.plus(Duration.ofDays(1)));
    harness.rules.refused("attributions.projected", new Origin("features", 0, 5), "not this one");
    harness.send("learned", harness.value(1, 2), now);
    harness.send("good-2", harness.value(3, 4), now);
    harness.driver.advanceWallClockTime(LINGER.multipliedBy(2));

    assertThat(harness.projected())
        .extracting(r -> text(r.key()))
        .containsExactly("good-1", "good-2");
    assertThat(harness.deadLetters())
        .extracting(r -> header(r, DeadLetters.REASON) + ": " + header(r, DeadLetters.MESSAGE))
        .satisfiesExactly(
            future -> assertThat(future).contains("refused_by_topic", "reduced", "after.max.ms"),
            past -> assertThat(past).contains("refused_by_topic", "reduced", "before.max.ms"),
            keyless -> assertThat(keyless).contains("refused_by_topic", "reduced", "compacted"),
            wrong -> assertThat(wrong).startsWith("wrong_length"),
            learned -> assertThat(learned).contains("refused_by_topic", "projected", "not this"));
  }

  @Test
  void quotesNoMoreOfARecordThanALineHolds() {
    harness.send("long", harness.value(Optional.of("m".repeat(700_000)), 1, 2));

    TestRecord<byte[], byte[]> letter = harness.deadLetters().get(0);
    assertThat(header(letter, DeadLetters.MESSAGE))
        .isEqualTo("no bundle is named '" + "m".repeat(100) + "…'");
    assertThat(letter.value()).hasSizeGreaterThan(700_000);
  }

  @Test
  void keepsKeyTimestampAndHeadersOfEveryRecord() {
    for (int i = 0; i < 2; i++) {
      harness.features.pipeInput(
          new TestRecord<>(
              bytes("key-" + i),
              harness.value(i, i),
              new RecordHeaders().add("trace", bytes("trace-" + i)),
              Instant.ofEpochMilli(1000 + i)));
    }
    harness.driver.advanceWallClockTime(LINGER.multipliedBy(2));

    for (List<TestRecord<byte[], GenericRecord>> outputs :
        List.of(harness.projected(), harness.reduced())) {
      assertThat(outputs).hasSize(2);
      for (int i = 0; i < 2; i++) {
        assertThat(text(outputs.get(i).key())).isEqualTo("key-" + i);
        assertThat(outputs.get(i).timestamp()).isEqualTo(1000 + i);
        assertThat(header(outputs.get(i), "trace")).isEqualTo("trace-" + i);
        assertThat(((GenericRecord) outputs.get(i).value().get("source")).get("offset"))
            .isEqualTo((long) i);
      }
    }
  }

  @Test
  void verifiesEveryBatchUnderItsModelsName() {
    harness.send("a", harness.value(1, 2));
    harness.send("b", harness.value(3, 4));
    harness.send("c", harness.value(5, 6));

    List<TestRecord<byte[], GenericRecord>> metrics = harness.verification();

    assertThat(metrics).hasSize(1);
    assertThat(text(metrics.get(0).key())).isEqualTo("sum");
    GenericRecord metric = metrics.get(0).value();
    assertThat(metric.get("count")).isEqualTo(3L);
    assertThat(metric.get("zMin")).isEqualTo(3.0);
    assertThat(metric.get("zMax")).isEqualTo(11.0);
    assertThat(metric.get("lastOffset")).isEqualTo(2L);
    assertThat(metric.get("exact")).isEqualTo(true);
  }

  @Test
  void givesEveryModelBatchesOfItsOwn() {
    harness.send("a", harness.value(1, 2));
    harness.send("b", harness.value(Optional.of("other"), 1, 2, 3));
    harness.send("c", harness.value(Optional.of("sum"), 3, 4));
    harness.driver.advanceWallClockTime(LINGER.multipliedBy(2));

    assertThat(explainer.batchSizes).containsExactly(2);
    assertThat(other.batchSizes).containsExactly(1);
    assertThat(harness.projected())
        .extracting(r -> r.value().get("model").toString())
        .containsExactly("sum", "sum", "other");
  }

  @Test
  void turnsBadRecordsIntoDeadLettersAndExplainsTheirNeighbours() throws Exception {
    harness.send("good-1", harness.value(1, 2));
    harness.send("tombstone", null);
    harness.send("garbage", bytes("no avro at all"));
    harness.send("empty", new byte[0]);
    harness.send("unknown-id", ByteBuffer.allocate(20).put((byte) 0).putInt(999_999).array());
    byte[] truncated = harness.value(1, 2);
    harness.send("truncated", java.util.Arrays.copyOf(truncated, truncated.length - 3));
    harness.send("long", harness.value(1, 2, 3));
    harness.send("nan", harness.value(1, Float.NaN));
    harness.send("infinite", harness.value(Float.NEGATIVE_INFINITY, 1));
    harness.send("model", harness.value(Optional.of("nobody"), 1, 2));
    harness.send("alien", alien());
    harness.send("poison", harness.value(FakeExplainer.POISON, 2));
    harness.send("good-2", harness.value(3, 4));
    harness.driver.advanceWallClockTime(LINGER.multipliedBy(2));

    assertThat(harness.projected())
        .extracting(r -> text(r.key()))
        .containsExactly("good-1", "good-2");
    assertThat(harness.deadLetters())
        .extracting(r -> text(r.key()) + ": " + header(r, DeadLetters.REASON))
        .containsExactly(
            "tombstone: tombstone",
            "garbage: undecodable",
            "empty: undecodable",
            "unknown-id: unknown_schema",
            "truncated: undecodable",
            "long: wrong_length",
            "nan: not_finite",
            "infinite: not_finite",
            "model: unknown_model",
            "alien: incompatible_schema",
            "poison: encoder_failed");
  }

  @Test
  void saysInADeadLetterWhyAndWhereFrom() {
    harness.send("good", harness.value(1, 2));
    byte[] value = harness.value(1, 2, 3);
    harness.features.pipeInput(
        new TestRecord<>(
            bytes("key"),
            value,
            new RecordHeaders().add("trace", bytes("t-1")),
            Instant.ofEpochMilli(5000)));

    TestRecord<byte[], byte[]> letter = harness.deadLetters().get(0);

    assertThat(letter.value()).isEqualTo(value);
    assertThat(letter.timestamp()).isEqualTo(5000);
    assertThat(header(letter, "trace")).isEqualTo("t-1");
    assertThat(header(letter, DeadLetters.MESSAGE))
        .isEqualTo("the record has 3 features, the model takes 2");
    assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo("features");
    assertThat(header(letter, DeadLetters.PARTITION)).isEqualTo("0");
    assertThat(header(letter, DeadLetters.OFFSET)).isEqualTo("1");
  }

  @Test
  void namesTheFirstFeatureThatIsNotFinite() {
    harness.send("nan", harness.value(1, Float.NaN));
    harness.send("infinite", harness.value(Float.NEGATIVE_INFINITY, Float.NaN));

    assertThat(harness.deadLetters())
        .extracting(letter -> header(letter, DeadLetters.MESSAGE))
        .containsExactly("feature 1 is NaN", "feature 0 is -Infinity");
  }

  @Test
  void keepsItsRowsAndItsTimerWhenADrainFails() {
    explainer.failures = 2;
    harness.send("a", harness.value(1, 2));

    for (int tick = 0; tick < 4; tick++) {
      harness.driver.advanceWallClockTime(LINGER);
    }

    assertThat(harness.projected()).hasSize(1);
    assertThat(harness.deadLetters()).isEmpty();
  }

  @Test
  void letsAnEngineThatStaysBrokenStopTheTask() {
    explainer.failures = Integer.MAX_VALUE;
    harness.send("a", harness.value(1, 2));

    assertThatThrownBy(
            () -> {
              for (int tick = 0; tick < 10; tick++) {
                harness.driver.advanceWallClockTime(LINGER);
              }
            })
        .isInstanceOf(StreamsException.class)
        .hasRootCauseMessage("the engine is broken on purpose");
    assertThat(harness.deadLetters()).isEmpty();
  }

  @Test
  void readsRecordsOfAnOlderAndANewerSchema() {
    harness.send(
        "older",
        harness.serialize(
            new GenericRecordBuilder(
                    SchemaBuilder.record("FeatureRecord")
                        .namespace("io.attribution.schema")
                        .fields()
                        .name("features")
                        .type()
                        .array()
                        .items()
                        .floatType()
                        .noDefault()
                        .endRecord())
                .set("features", List.of(1f, 2f))
                .build()));
    harness.send(
        "newer",
        harness.serialize(
            new GenericRecordBuilder(
                    SchemaBuilder.record("FeatureRecord")
                        .namespace("io.attribution.schema")
                        .fields()
                        .optionalString("region")
                        .name("features")
                        .type()
                        .array()
                        .items()
                        .floatType()
                        .noDefault()
                        .endRecord())
                .set("region", "eu")
                .set("features", List.of(3f, 4f))
                .build()));
    harness.send("current", harness.value(5, 6));

    assertThat(harness.projected())
        .extracting(r -> r.value().get("contributions"))
        .containsExactly(List.of(1f, 2f), List.of(3f, 4f), List.of(5f, 6f));
  }

  @Test
  void emptiesTheStoreOfWhatItForwarded() {
    harness.send("a", harness.value(1, 2));
    PendingRows pending =
        (PendingRows) harness.driver.getStateStore(AttributionTopology.PENDING_ROWS);
    assertThat(pending.size()).isEqualTo(1);

    harness.driver.advanceWallClockTime(LINGER.multipliedBy(2));

    assertThat(pending.size()).isZero();
  }

  /** A value of a registered schema that is no FeatureRecord. */
  private byte[] alien() throws Exception {
    int id =
        harness.registry.register(
            "alien",
            new AvroSchema(
                SchemaBuilder.record("Order").fields().requiredLong("amount").endRecord()));
    assertThat(id).isNotEqualTo(0);
    assertThat(Schemas.FEATURE_RECORD.getName()).isNotEqualTo("Order");
    return ByteBuffer.allocate(6).put((byte) 0).putInt(id).put((byte) 2).array();
  }
}
