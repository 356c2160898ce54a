package io.attribution.stream.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.schema.AttributionSample;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.FeatureShift;
import io.attribution.stream.live.LiveRecords;
import io.attribution.stream.registry.Registry;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final Registry access = new Registry(registry, Duration.ZERO);
  private final RecordReader<DriftAlert> alerts = new RecordReader<>(access, DriftAlert.class);
  private final RecordReader<AttributionSample> samples =
      new RecordReader<>(access, AttributionSample.class);

  /** Avro alone creates classes of no package unless a property of the JVM lists it. */
  @Test
  void needsNoPropertyOfTheJvm() throws Exception {
    assertThat(System.getProperty("org.apache.avro.SERIALIZABLE_PACKAGES")).isNull();
    assertThat(System.getProperty("org.apache.avro.SERIALIZABLE_CLASSES")).isNull();
    DriftAlert alert =
        LiveRecords.alertBuilder("m", "input", "open")
            .setFeatures(List.of(new FeatureShift("a", 0, "input", 0.5, 1.0, 2.0)))
            .build();

    DriftAlert read = alerts.read(value(alert, Schemas.DRIFT_ALERT)).orElseThrow();

    assertThat(read).isEqualTo(alert);
    assertThat(read.getSince()).isEqualTo(Instant.ofEpochMilli(1000));
    assertThat(read.getFeatures().get(0).getFeature()).isEqualTo("a");
  }

  @Test
  void readsVectors() throws Exception {
    AttributionSample sample = LiveRecords.sample("m", "b", 3, true, 1, 2, 3, 4);

    AttributionSample read = samples.read(value(sample, Schemas.ATTRIBUTION_SAMPLE)).orElseThrow();

    assertThat(read).isEqualTo(sample);
    assertThat(FloatVectors.of(read.getContributions())).containsExactly(1, 2, 3, 4);
  }

  /** The first version had neither an id nor features. */
  @Test
  void readsAlertsOfAnOlderVersion() throws Exception {
    Schema older = new Schema.Parser().parse(published("DriftAlert"));

    DriftAlert read = alerts.read(value(alertOf(older), older)).orElseThrow();

    assertThat(read.getAlertId()).isEmpty();
    assertThat(read.getFeatures()).isEmpty();
    assertThat(read.getState()).isEqualTo("open");
  }

  @Test
  void readsAlertsOfANewerVersion() throws Exception {
    Schema newer =
        new Schema.Parser()
            .parse(
                Schemas.DRIFT_ALERT
                    .toString()
                    .replaceFirst(
                        "\"fields\":\\[",
                        "\"fields\":[{\"name\":\"added\",\"type\":{\"type\":\"record\",\"name\":\"Unknown\","
                            + "\"fields\":[{\"name\":\"text\",\"type\":\"string\"}]}},"));
    GenericRecord alert = alertOf(newer);
    GenericRecord added = new GenericData.Record(newer.getField("added").schema());
    added.put("text", "new");
    alert.put("added", added);

    assertThat(alerts.read(value(alert, newer)).map(DriftAlert::getModel)).contains("m");
  }

  private static GenericRecord alertOf(Schema schema) {
    GenericRecord alert = new GenericData.Record(schema);
    for (String text : List.of("version", "bundle", "kind", "severity", "detector", "message")) {
      alert.put(text, text);
    }
    alert.put("model", "m");
    alert.put("state", "open");
    alert.put("since", 1L);
    alert.put("at", 2L);
    alert.put("statistic", 0.5);
    alert.put("threshold", 0.1);
    if (schema.getField("alertId") != null) {
      alert.put("alertId", "id");
      alert.put("features", List.of());
    }
    return alert;
  }

  /** A writer may end a block early, and give its size in bytes. */
  @Test
  void readsVectorsOfSeveralBlocks() throws Exception {
    int id = registry.register("vectors", new AvroSchema(Schemas.ATTRIBUTION_SAMPLE));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder =
        new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(bytes, null);
    AttributionSample sample = LiveRecords.sample("m", "b", 3, true, new float[400]);
    new SpecificDatumWriter<>(AttributionSample.class).write(sample, encoder);
    encoder.flush();

    assertThat(samples.read(framed(id, bytes.toByteArray()))).contains(sample);
  }

  @Test
  void readsNothingFromOtherRecords() throws Exception {
    GenericRecord position =
        new GenericRecordBuilder(Schemas.DRIFT_ALERT.getField("worst").schema().getTypes().get(1))
            .set("topic", "features")
            .set("partition", 0)
            .set("offset", 1L)
            .build();

    assertThat(alerts.read(null)).isEmpty();
    assertThat(alerts.read(new byte[] {1, 2, 3})).isEmpty();
    assertThat(alerts.read(value(position, position.getSchema()))).isEmpty();
  }

  /** Whatever the bytes are: a record or none, without much memory. */
  @Test
  void readsDamagedRecordsOrNothing() throws Exception {
    Random random = new Random(17);
    byte[] intact =
        value(LiveRecords.sample("m", "b", 3, true, 1, 2, 3, 4), Schemas.ATTRIBUTION_SAMPLE);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = Arrays.copyOf(intact, random.nextInt(6, intact.length + 1));
      damaged[random.nextInt(5, damaged.length)] = (byte) random.nextInt();
      Optional<AttributionSample> found = samples.read(damaged);
      read += found.isPresent() ? 1 : 0;
    }
    assertThat(read).isBetween(1, 19_999);
  }

  private byte[] value(SpecificRecordBase record, Schema registered) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new SpecificDatumWriter<SpecificRecordBase>(record.getSchema(), record.getSpecificData())
        .write(record, encoder);
    encoder.flush();
    int id = registry.register(registered.getName(), new AvroSchema(registered));
    return framed(id, bytes.toByteArray());
  }

  private byte[] value(GenericRecord record, Schema writer) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(writer).write(record, encoder);
    encoder.flush();
    int id = registry.register(writer.getName(), new AvroSchema(writer));
    return framed(id, bytes.toByteArray());
  }

  private static byte[] framed(int id, byte[] record) {
    return ByteBuffer.allocate(5 + record.length).put((byte) 0).putInt(id).put(record).array();
  }

  private static String published(String name) throws Exception {
    try (InputStream in =
        RecordReaderTest.class.getResourceAsStream("/published/0.1/" + name + ".avsc")) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
