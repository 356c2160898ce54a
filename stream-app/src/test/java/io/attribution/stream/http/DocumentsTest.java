package io.attribution.stream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.schema.AttributionSample;
import io.attribution.schema.Certificate;
import io.attribution.schema.FeatureRecord;
import io.attribution.schema.FeatureShift;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.live.Grid;
import io.attribution.stream.live.LiveRecords;
import io.attribution.stream.live.LiveState;
import io.attribution.stream.live.ModelView;
import io.attribution.stream.ondemand.InputRecords;
import io.attribution.stream.ondemand.SumExplainer;
import io.attribution.stream.serde.Schemas;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The documents of the API, byte for byte: names, their order, nulls and numbers. The expected ones
 * stand under src/test/resources/documents/.
 */
@Timeout(60)
class DocumentsTest {
  private static final ModelView SUM = TestServices.sum(List.of("a", "b"), List.of("x", "y"));
  private static final ModelView EMPTY =
      new ModelView(
          "empty",
          "2",
          "e",
          List.of("pixel_0_0", "pixel_0_1"),
          List.of("z"),
          Optional.of(new Grid(1, 2)),
          "normalized",
          0.002,
          false,
          3.3e-7);

  private final TestServices services =
      new TestServices(
          64,
          64,
          new ServedModel(SUM, new SumExplainer("sum", 2, 64).open()),
          new ServedModel(EMPTY, new SumExplainer("empty", 2, 64).open()));
  private final LiveState live = services.live;
  private final WebServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  DocumentsTest() throws Exception {
    int schemaId =
        services.registry.register("features-value", new AvroSchema(Schemas.FEATURE_RECORD));
    this.server =
        new WebServer(
                new HttpConfig(0, "127.0.0.1", List.of(), 64, 64, 100),
                services.of(new TestServices.Running(), InputRecords.of(input(schemaId))))
            .start();
    fill();
  }

  private static ConsumerRecord<byte[], byte[]> input(int schemaId) throws Exception {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.write(0);
    value.write(ByteBuffer.allocate(4).putInt(schemaId).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(value, null);
    new SpecificDatumWriter<>(FeatureRecord.class)
        .write(new FeatureRecord(List.of(0.1f, -2.5f), null, "row-\u00e4"), encoder);
    encoder.flush();
    return new ConsumerRecord<>(
        "features",
        0,
        12,
        1700000000123L,
        TimestampType.CREATE_TIME,
        2,
        value.size(),
        "17".getBytes(StandardCharsets.UTF_8),
        value.toByteArray(),
        new RecordHeaders(),
        Optional.empty());
  }

  private void fill() {
    live.addSample(LiveRecords.sample("sum", "b", 1, true, 0.1f, -1e-8f, 3e38f, 16777216f), 1001);
    live.addSample(odd(), 1002);
    live.addBatch(LiveRecords.metric("sum", 1, 1e-7));
    live.addBatch(
        LiveRecords.metricBuilder("sum", 2, 0.16)
            .setRelativeError(Double.POSITIVE_INFINITY)
            .setWorstRelativeError(Double.NaN)
            .setExact(false)
            .build());
    live.addWindow(LiveRecords.window("sum", 0, 5));
    live.addWindow(
        LiveRecords.windowBuilder("sum", 10_000, 7)
            .setRelativeError(Double.NaN)
            .setMaxError(Double.POSITIVE_INFINITY)
            .setMeanError(1.25e-21)
            .setZMin(Double.NEGATIVE_INFINITY)
            .setExact(false)
            .setInexact(-1L)
            .build());
    live.addAlert(LiveRecords.alert("sum", "linearity_error", "open"));
    live.addAlert(
        LiveRecords.alertBuilder("sum", "input", "resolved")
            .setSeverity("warning")
            .setStatistic(Double.NaN)
            .setThreshold(Double.POSITIVE_INFINITY)
            .setProbableCause(null)
            .setWorst(null)
            .setMessage("\u201epixel\u201c moved \\ \"far\"\n")
            .setFeatures(
                List.of(
                    new FeatureShift("a", 0, "input", 0.123456789012345, 1.0, 2.0),
                    new FeatureShift("b", 1, "range", Double.NaN, 1.0, 2.0)))
            .build());
  }

  /** Of a newer version with other features, without a matrix, a name or finite numbers. */
  private static AttributionSample odd() {
    return LiveRecords.sampleBuilder("sum", "c", 2, false, 1, 2, 3, 4, 5, 6)
        .setVersion("2")
        .setRecordId(null)
        .setEmbedding(List.of(Float.NaN, Float.POSITIVE_INFINITY))
        .setCertificate(new Certificate(Double.NaN, 1e-4, false, "jacobian", List.of(), 0, null))
        .build();
  }

  @AfterEach
  void close() {
    services.close(server);
  }

  @ParameterizedTest
  @CsvSource({
    "live, /health/live",
    "ready, /health/ready",
    "models, /api/v1/models",
    "alerts, /api/v1/alerts",
    "batches, /api/v1/verification/batches",
    "windows, /api/v1/verification/windows",
    "explanations, /api/v1/explanations",
    "explanation, /api/v1/explanations/features-0@12",
    "find, /api/v1/explanations/find?key=17",
    "top, /api/v1/features/top?model=sum",
    "top-of-nothing, /api/v1/features/top?model=empty",
  })
  void areAsPublished(String name, String address) throws Exception {
    assertThat(send(HttpRequest.newBuilder(uri(address)))).isEqualTo(published(name));
  }

  @Test
  void rankFeaturesOfMatricesByOutput() throws Exception {
    live.addSample(LiveRecords.sample("sum", "b", 3, true, 0.5f, -1, 2, 1e-3f), 1003);

    assertThat(send(HttpRequest.newBuilder(uri("/api/v1/features/top"))))
        .isEqualTo(published("top-of-matrices"));
  }

  @Test
  void explainRowsOfARequest() throws Exception {
    String rows = "{\"rows\":[[1,2.5],[1],[1e99,0],[" + SumExplainer.POISON + ",0],[-0.1,1e-9]]}";

    assertThat(
            send(
                HttpRequest.newBuilder(uri("/api/v1/explain"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(rows))))
        .isEqualTo(published("explain"));
  }

  /** What the process measures differs from run to run. */
  @Test
  void tellHowTheInstanceDoes() throws Exception {
    String operations = send(HttpRequest.newBuilder(uri("/api/v1/operations")));

    assertThat(operations.replaceAll("(?<=(heapUsed|resident)Bytes\":)\\d+", "1"))
        .isEqualTo(published("operations"));
  }

  private String send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8)).body();
  }

  private URI uri(String address) {
    return URI.create(server.address() + address);
  }

  private static String published(String name) throws Exception {
    try (InputStream in = DocumentsTest.class.getResourceAsStream("/documents/" + name + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    }
  }
}
