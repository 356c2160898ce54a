package io.attribution.stream.topology;

import io.attribution.drift.Alert;
import io.attribution.drift.AttributionPolicy;
import io.attribution.drift.AttributionWatch;
import io.attribution.drift.EventTimeLimit;
import io.attribution.drift.LinearityMonitor;
import io.attribution.drift.LinearityPolicy;
import io.attribution.drift.LinearityWatch;
import io.attribution.drift.ProbableCause;
import io.attribution.drift.VerificationWindows;
import io.attribution.drift.WatchedModel;
import io.attribution.engine.reduction.Reduction;
import io.attribution.local.LocalRegistry;
import io.attribution.stream.models.Explainers;
import io.attribution.stream.pending.InputLimit;
import io.attribution.stream.registry.Registration;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.serde.AlertSerializer;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.serde.ProjectedSerializer;
import io.attribution.stream.serde.ReducedSerializer;
import io.attribution.stream.serde.SampleReader;
import io.attribution.stream.serde.SampleSerializer;
import io.attribution.stream.serde.Schemas;
import io.attribution.stream.serde.VerificationReader;
import io.attribution.stream.serde.VerificationSerializer;
import io.attribution.stream.serde.WindowSerializer;
import io.attribution.stream.serde.WriterSchemas;
import io.attribution.stream.topics.Topics;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The real topology on TopologyTestDriver, with fake models and a registry on HTTP. */
public final class TopologyHarness implements AutoCloseable {
  public static final long LARGEST_INPUT = 1 << 20;

  final LocalRegistry server = LocalRegistry.start();
  final SchemaRegistryClient registry = new CachedSchemaRegistryClient(server.url(), 100);
  final TopologyTestDriver driver;
  final TestInputTopic<byte[], byte[]> features;
  final HeardBatches listener = new HeardBatches();
  final List<Alert> heard = new ArrayList<>();

  /** By the clock that event times are compared with. */
  Instant now = Instant.parse("2100-01-01T00:00:00Z");

  private final Topics topics = Topics.DEFAULT;

  final OutputRules rules = rules();

  static OutputRules rules() {
    return new OutputRules(
        Topics.DEFAULT,
        List.of(Topics.DEFAULT.projected(), Topics.DEFAULT.reduced()),
        new InputLimit(LARGEST_INPUT));
  }

  /** What is known of the models beforehand. */
  Optional<WatchedModel> known = Optional.empty();

  public TopologyHarness(FakeExplainer... explainers) {
    driver =
        new TopologyTestDriver(
            AttributionTopology.build(
                topics,
                rules,
                decoder(),
                explainers(explainers),
                serializers(registry),
                Optional.of(drift(registry)),
                listener),
            settings());
    features =
        driver.createInputTopic(
            topics.features(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  public FeatureDecoder decoder() {
    return new FeatureDecoder(
        new WriterSchemas(new Registry(registry, Duration.ZERO), Clock.systemUTC()));
  }

  public static Explainers explainers(FakeExplainer... explainers) {
    return new Explainers(List.of(explainers), explainers[0].model().name());
  }

  private static OutputSerializers serializers(SchemaRegistryClient registry) {
    return new OutputSerializers(
        Optional.of(new ProjectedSerializer(id(registry, Schemas.PROJECTED_CONTRIBUTION))),
        Optional.of(
            new ReducedSerializer(
                id(registry, Schemas.REDUCED_CONTRIBUTION), new Reduction.L2(), 0)),
        Optional.of(new VerificationSerializer(id(registry, Schemas.VERIFICATION_METRIC))));
  }

  /** Alerts resolve after a second, windows last a second, two samples per second. */
  private DriftStage drift(SchemaRegistryClient registry) {
    Duration second = Duration.ofSeconds(1);
    return new DriftStage(
        new RowSampler(200, new Reduction.L2()),
        new SampleSerializer(id(registry, Schemas.ATTRIBUTION_SAMPLE)),
        new VerificationReader(new Registry(registry, Duration.ZERO), EventTimeLimit.of(() -> now)),
        new SampleReader(new Registry(registry, Duration.ZERO), EventTimeLimit.of(() -> now)),
        (model, tolerance) ->
            new LinearityWatch(
                model,
                tolerance,
                new LinearityMonitor(
                    model,
                    new LinearityPolicy(tolerance, Optional.empty(), second),
                    some -> new ProbableCause(Optional.of("bias_present"), "on purpose")),
                new VerificationWindows(second)),
        (model, features) ->
            new AttributionWatch(
                model, watched(features), new AttributionPolicy("l2", 60, 50, 0.9, 1e-4, second)),
        second,
        new WindowSerializer(id(registry, Schemas.VERIFICATION_WINDOW)),
        new AlertSerializer(id(registry, Schemas.DRIFT_ALERT)),
        heard::add);
  }

  private WatchedModel watched(int features) {
    return known.orElseGet(
        () ->
            new WatchedModel(
                IntStream.range(0, features).mapToObj(k -> "f" + k).toList(), List.of()));
  }

  private static int id(SchemaRegistryClient client, Schema schema) {
    return new Registry(client, Duration.ZERO)
        .schemaId(schema.getName(), schema, Registration.DEFAULT);
  }

  private static Properties settings() {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    settings.put("processing.exception.handler.global.enabled", true);
    return settings;
  }

  /** A record as a client of ours writes it. */
  byte[] value(Optional<String> model, float... row) {
    List<Float> boxed = new ArrayList<>();
    for (float value : row) {
      boxed.add(value);
    }
    return serialize(
        new GenericRecordBuilder(Schemas.FEATURE_RECORD)
            .set("features", boxed)
            .set("model", model.orElse(null))
            .build());
  }

  byte[] value(float... row) {
    return value(Optional.empty(), row);
  }

  byte[] serialize(GenericRecord record) {
    return serialize(topics.features(), record);
  }

  byte[] serialize(String topic, GenericRecord record) {
    try (KafkaAvroSerializer avro = new KafkaAvroSerializer(registry)) {
      avro.configure(Map.of("schema.registry.url", server.url()), false);
      return avro.serialize(topic, record);
    }
  }

  void send(String key, byte[] value, Instant timestamp) {
    features.pipeInput(new TestRecord<>(bytes(key), value, timestamp));
  }

  void send(String key, byte[] value) {
    features.pipeInput(new TestRecord<>(bytes(key), value));
  }

  List<TestRecord<byte[], GenericRecord>> projected() {
    return read(topics.projected(), avro());
  }

  List<TestRecord<byte[], GenericRecord>> reduced() {
    return read(topics.reduced(), avro());
  }

  List<TestRecord<byte[], GenericRecord>> verification() {
    return read(topics.verification(), avro());
  }

  List<TestRecord<byte[], GenericRecord>> samples() {
    return read(topics.samples(), avro());
  }

  List<TestRecord<byte[], GenericRecord>> windows() {
    return read(topics.windows(), avro());
  }

  List<TestRecord<byte[], GenericRecord>> alerts() {
    return read(topics.alerts(), avro());
  }

  List<TestRecord<byte[], byte[]>> deadLetters() {
    return read(topics.deadLetter(), new ByteArrayDeserializer());
  }

  private <V> List<TestRecord<byte[], V>> read(String topic, Deserializer<V> values) {
    return driver.createOutputTopic(topic, new ByteArrayDeserializer(), values).readRecordsToList();
  }

  private Deserializer<GenericRecord> avro() {
    KafkaAvroDeserializer avro = new KafkaAvroDeserializer(registry);
    avro.configure(Map.of("schema.registry.url", server.url()), false);
    return (topic, bytes) -> (GenericRecord) avro.deserialize(topic, bytes);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static String header(TestRecord<byte[], ?> record, String name) {
    return text(record.headers().lastHeader(name).value());
  }

  @Override
  public void close() {
    driver.close();
    server.close();
  }
}
