package io.attribution.stream.broker;

import static io.attribution.stream.broker.Fields.floats;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attribution.stream.app.Application;
import io.attribution.stream.http.OpenApi;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The API of the real application says what its topics say. */
@Timeout(180)
class HttpIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int ROWS = 40;

  /** Sums are made in another order in a batch of another size. */
  private static final Offset<Float> ROUNDING = Offset.offset(1e-5f);

  private static Cluster cluster;
  private static Application application;
  private static List<float[]> rows;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    cluster = Cluster.withPartitions(2);
    rows = Example.DIGITS.rows(ROWS);
    application =
        Application.open(
            cluster.config(Example.bundles(), "http.port", "0", "explain.queue.rows", "64"));
    application.start();
    send();
    Published.await(cluster.endpoints, cluster.topics.projected(), ROWS, TIMEOUT);
  }

  /** Offsets 0 to 39 of partition 0, then a dead letter. */
  private static void send() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = cluster.endpoints.producer();
        FeatureValues values = new FeatureValues(cluster.endpoints, cluster.topics.features())) {
      for (int i = 0; i < ROWS; i++) {
        send(
            producer,
            "key-" + i,
            values.row(rows.get(i), Optional.empty(), Optional.of("id-" + i)));
      }
      send(producer, "bad", values.row(Arrays.copyOf(rows.get(0), 63)));
    }
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String key, byte[] value)
      throws Exception {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(cluster.topics.features(), 0, bytes, value)).get();
  }

  @AfterAll
  static void stop() {
    if (application != null) {
      application.close();
    }
    cluster.close();
  }

  @Test
  void explainsARecordAsItsTopicDoes() throws Exception {
    HttpResponse<String> response = get("/api/v1/explanations/features-0@17");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(OpenApi.violations("get", "/api/v1/explanations/{id}", 200, response.body()))
        .isEmpty();
    JsonNode explanation = JSON.readTree(response.body());
    GenericRecord projected = published(17);
    assertThat(values(explanation.get("features"))).isEqualTo(rows.get(17));
    assertThat(values(explanation.get("embedding")))
        .containsExactly(floats(projected, "embedding"), ROUNDING);
    assertThat(matrix(explanation)).containsExactly(floats(projected, "contributions"), ROUNDING);
    assertThat(explanation.get("recordId").asText()).isEqualTo("id-17");
    assertThat(explanation.get("exact").asBoolean()).isTrue();
    assertThat(explanation.get("relativeError").asDouble()).isBetween(0.0, 1e-4);
  }

  @Test
  void explainsRowsThatAreSentAsTheTopicDoes() throws Exception {
    HttpResponse<String> response =
        post("{\"model\":\"digits\",\"rows\":[" + Arrays.toString(rows.get(3)) + "]}");

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode explanation = JSON.readTree(response.body()).get("explanations").get(0);
    assertThat(matrix(explanation))
        .containsExactly(floats(published(3), "contributions"), ROUNDING);
    assertThat(values(explanation.get("embedding")))
        .containsExactly(floats(published(3), "embedding"), ROUNDING);
  }

  @Test
  void saysWhyARecordIsADeadLetter() throws Exception {
    HttpResponse<String> response = get("/api/v1/explanations/features-0@" + ROWS);

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(JSON.readTree(response.body()).get("reason").asText()).isEqualTo("wrong_length");
  }

  @Test
  void saysWhyARecordCannotBeRead() throws Exception {
    try (var admin = cluster.endpoints.admin()) {
      admin
          .deleteRecords(
              java.util.Map.of(
                  new TopicPartition(cluster.topics.features(), 0),
                  RecordsToDelete.beforeOffset(2)))
          .all()
          .get();
    }

    assertThat(error("/api/v1/explanations/features-0@1", 404)).contains("retention is over");
    assertThat(error("/api/v1/explanations/features-0@5000", 404)).contains("not there yet");
    assertThat(error("/api/v1/explanations/features-7@0", 404)).contains("no partition 7");
    assertThat(error("/api/v1/explanations/secrets-0@0", 404)).contains("input topic");
  }

  @Test
  void findsRecordsByKeyAndByTheirOwnId() throws Exception {
    assertThat(get("/api/v1/explanations/find?key=key-21").body())
        .isEqualTo("{\"id\":\"features-0@21\"}");
    assertThat(get("/api/v1/explanations/find?recordId=id-22").body())
        .isEqualTo("{\"id\":\"features-0@22\"}");
    assertThat(error("/api/v1/explanations/find?key=none", 404)).contains("20000");
  }

  @Test
  void showsWhatTheTopicsTold() throws Exception {
    JsonNode samples = await("/api/v1/explanations?model=digits&limit=5");
    JsonNode batches = await("/api/v1/verification/batches?model=digits");

    assertThat(samples.get(0).get("id").asText()).startsWith("features-");
    assertThat(batches.get(0).get("exact").asBoolean()).isTrue();
    JsonNode top = JSON.readTree(get("/api/v1/features/top?model=digits&limit=3").body());
    assertThat(top.get("features")).hasSize(3);
    assertThat(top.get("rows").asInt()).isPositive();
    assertThat(JSON.readTree(get("/api/v1/models").body()).get(0).get("grid").get("rows").asInt())
        .isEqualTo(8);
  }

  @Test
  void isReadyAndCountsWhatItDid() throws Exception {
    assertThat(get("/health/ready").body()).contains("\"UP\"");
    String metrics = get("/metrics").body();
    assertThat(metrics)
        .contains("attribution_records_total{model=\"digits\",outcome=\"explained\"}")
        .contains("attribution_dead_letters_total{reason=\"wrong_length\"} 1.0")
        .contains("attribution_stage_seconds_count{stage=\"explain\"}")
        .contains("attribution_engine_fallback{model=\"digits\"} 0.0")
        .contains("jvm_memory_used_bytes")
        .contains("kafka_stream_thread");
    assertThat(metrics.lines().filter(line -> !line.startsWith("#")))
        .allMatch(line -> line.matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*})? \\S+"), "a sample");
  }

  @Test
  void refusesMoreRowsThanMayWait() throws Exception {
    String row = Arrays.toString(rows.get(0));
    String many = "{\"rows\":[" + (row + ",").repeat(64) + row + "]}";

    HttpResponse<String> response = post(many);

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void sendsSamplesAsTheyCome() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri("/api/v1/stream")).timeout(TIMEOUT).build();
    try (InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        KafkaProducer<byte[], byte[]> producer = cluster.endpoints.producer();
        FeatureValues values = new FeatureValues(cluster.endpoints, cluster.topics.features())) {
      assertThat(lines.readLine()).isEqualTo("event: hello");

      byte[] value = values.row(rows.get(1), Optional.empty(), Optional.of("live"));
      producer.send(new ProducerRecord<>(cluster.topics.features(), 1, null, value)).get();

      String line = lines.readLine();
      while (!line.contains("\"recordId\":\"live\"")) {
        line = lines.readLine();
        assertThat(line).as("the stream goes on").isNotNull();
      }
      assertThat(line).startsWith("data: [{\"id\":\"features-1@0\"");
    }
  }

  private GenericRecord published(long offset) {
    try (var avro = cluster.endpoints.avroDeserializer()) {
      return Published.readToEnd(cluster.endpoints, cluster.topics.projected(), avro).stream()
          .filter(output -> Fields.position(output).equals("0@" + offset))
          .map(Fields::value)
          .findFirst()
          .orElseThrow();
    }
  }

  /** An answer with something in it. */
  private JsonNode await(String address) throws Exception {
    Callable<JsonNode> ask = () -> JSON.readTree(get(address).body());
    JsonNode answer = ask.call();
    for (long end = System.nanoTime() + TIMEOUT.toNanos();
        answer.isEmpty() && System.nanoTime() < end;
        answer = ask.call()) {
      Thread.sleep(100);
    }
    assertThat(answer).as(address).isNotEmpty();
    return answer;
  }

  private static float[] matrix(JsonNode explanation) {
    JsonNode outputs = explanation.get("contributions");
    float[] first = values(outputs.get(0));
    float[] all = Arrays.copyOf(first, outputs.size() * first.length);
    for (int i = 1; i < outputs.size(); i++) {
      System.arraycopy(values(outputs.get(i)), 0, all, i * first.length, first.length);
    }
    return all;
  }

  private static float[] values(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(array.get(i).asText());
    }
    return values;
  }

  private String error(String address, int status) throws Exception {
    HttpResponse<String> response = get(address);
    assertThat(response.statusCode()).isEqualTo(status);
    return JSON.readTree(response.body()).get("error").asText();
  }

  private HttpResponse<String> get(String address) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(address)).timeout(TIMEOUT).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri("/api/v1/explain"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(String address) {
    return URI.create(application.address().orElseThrow() + address);
  }
}
