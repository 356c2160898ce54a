package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alerts of the real application, which is killed with kill -9 in between. */
@Timeout(600)
class AlertIT {
  private static final String HEALTHY = Example.DIGITS.bundle().toString();
  private static final String BIASED =
      Path.of("..", "examples", "digits", "faults", "bias").toString();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final String DRIFT_CHANGELOG = Endpoints.APPLICATION + "-drift-state-changelog";

  private static final int REFERENCE_ROWS = 100;
  private static final int WINDOW_ROWS = 50;
  private static final float SHIFT = 100;

  /** So that what is sent "two minutes later" is not ahead of the clock, where it counts as now. */
  private final long start = System.currentTimeMillis() - 300_000;

  @TempDir Path directory;

  @Test
  void aFaultIsOneAlertThroughAKillAndEndsWithItsVersion() throws Exception {
    int port = freePort();
    try (Cluster cluster = Cluster.withPartitions(2);
        DigitRows rows = new DigitRows(cluster)) {
      Map<String, String> settings = settings(cluster, BIASED);
      settings.put("http.port", String.valueOf(port));
      try (AppProcess app = AppProcess.run(settings, directory)) {
        rows.send(64, start, 0);
        awaitAlerts(cluster, alerts -> !alerts.isEmpty());
        awaitWindows(cluster, 64);
        app.kill();
      }

      try (AppProcess app = AppProcess.run(settings, directory)) {
        awaitMetric(port, "attribution_alert_open{kind=\"linearity_error\",model=\"digits\"} 1.0");
        rows.send(200, start + 200, 0);
        awaitWindows(cluster, 264);
        app.stop();
      }

      List<ConsumerRecord<byte[], Object>> alerts = alerts(cluster);
      assertThat(alerts).hasSize(1);
      assertIsTheBias(alerts.get(0));

      try (AppProcess app = AppProcess.run(settings(cluster, HEALTHY), directory)) {
        rows.send(200, start + 120_000, 0);
        awaitAlerts(cluster, all -> all.size() > 1);
        awaitWindows(cluster, 464);
        app.stop();
      }
      assertEnds(alerts.get(0), alerts(cluster));
    }
  }

  /** The watch over the model and the webhook change hands twice. */
  @Test
  void aFaultIsOneAlertAndToldOnceWhileInstancesComeAndGo() throws Exception {
    try (Cluster cluster = Cluster.withPartitions(2);
        WebhookReceiver receiver = new WebhookReceiver();
        DigitRows rows = new DigitRows(cluster)) {
      Map<String, String> settings = settings(cluster, BIASED);
      settings.put("alerts.webhook.url", receiver.url());
      try (AppProcess first = AppProcess.run(settings, directory)) {
        rows.send(64, start, 0);
        receiver.awaitAccepted(1, TIMEOUT);

        try (AppProcess second = AppProcess.run(settings, directory)) {
          rows.send(100, start + 200, 0);
          awaitWindows(cluster, 164);
          first.kill();
          rows.send(100, start + 400, 0);
          awaitWindows(cluster, 264);
          try (AppProcess third = AppProcess.run(settings, directory)) {
            rows.send(100, start + 600, 0);
            awaitWindows(cluster, 364);
            second.kill();
            rows.send(100, start + 800, 0);
            awaitWindows(cluster, 464);
            third.stop();
          }
        }
      }

      assertThat(alerts(cluster)).hasSize(1);
      assertIsTheBias(alerts(cluster).get(0));
      assertThat(new LinkedHashSet<>(receiver.accepted())).hasSize(1);
    }
  }

  private static void assertIsTheBias(ConsumerRecord<byte[], Object> alert) {
    GenericRecord open = Fields.value(alert);
    assertThat(alert.key()).asString().isEqualTo("digits");
    assertThat(text(open, "version")).isEqualTo("1-bias");
    assertThat(text(open, "kind")).isEqualTo("linearity_error");
    assertThat(text(open, "state")).isEqualTo("open");
    assertThat(text(open, "severity")).isEqualTo("critical");
    assertThat(text(open, "probableCause")).isEqualTo("bias_present");
    assertThat(header(alert, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(alert, "ce_type")).isEqualTo("io.attribution.alert.open");
    assertThat(header(alert, "ce_source")).isEqualTo("/attribution-streams/models/digits");
    assertThat(header(alert, "ce_id")).startsWith(text(open, "alertId"));
    assertThat(header(alert, "content-type")).isEqualTo("application/avro");
  }

  private static void assertEnds(
      ConsumerRecord<byte[], Object> opened, List<ConsumerRecord<byte[], Object>> alerts) {
    assertThat(alerts)
        .extracting(Fields::value)
        .extracting(alert -> text(alert, "state"), alert -> text(alert, "version"))
        .containsExactly(tuple("open", "1-bias"), tuple("resolved", "1-bias"));
    GenericRecord resolved = Fields.value(alerts.get(1));
    assertThat(text(resolved, "message")).contains("digits 1-bias is no longer in use");
    assertThat(text(resolved, "alertId")).isEqualTo(text(Fields.value(opened), "alertId"));
    assertThat(header(alerts.get(1), "ce_type")).isEqualTo("io.attribution.alert.resolved");
  }

  /** Were the reference begun anew after the kill, no window would be full at the end. */
  @Test
  void aReferenceThatIsBeingFilledSurvivesAKillAndTheFeatureThatMovedIsNamed() throws Exception {
    int before = REFERENCE_ROWS - 40;
    assertNoticesTheFeatureThatMoved(
        withoutReference(),
        before,
        0,
        rows -> {
          rows.send(REFERENCE_ROWS - before, start + 1000, 0);
          rows.send(WINDOW_ROWS, start + 2000, SHIFT);
        });
  }

  /**
   * The first records of all are shifted, and what came before the kill counts: were the window
   * begun anew, it would not be full at the end. Without a reference in the bundle they would be
   * what later ones are compared with.
   */
  @Test
  void aStreamThatIsShiftedFromItsFirstRecordIsNoticedInItsFirstWindowThroughAKill()
      throws Exception {
    int before = WINDOW_ROWS - 20;
    assertNoticesTheFeatureThatMoved(
        HEALTHY, before, SHIFT, rows -> rows.send(WINDOW_ROWS - before, start + 1000, SHIFT));
  }

  /**
   * @param before rows that are sampled before the application is killed
   * @param shift of these rows
   * @param rest what is sent to the next one
   */
  private void assertNoticesTheFeatureThatMoved(String bundle, int before, float shift, Feed rest)
      throws Exception {
    try (Cluster cluster = Cluster.withPartitions(1);
        DigitRows rows = new DigitRows(cluster)) {
      Map<String, String> settings = sampling(cluster, bundle);
      try (AppProcess app = AppProcess.run(settings, directory)) {
        rows.send(before, start, shift);
        Published.await(cluster.endpoints, cluster.topics.samples(), before, TIMEOUT);
        Committed.await(cluster, DRIFT_CHANGELOG, before + 1, TIMEOUT);
        app.kill();
      }

      try (AppProcess app = AppProcess.run(settings, directory)) {
        rest.send(rows);
        awaitAlerts(cluster, alerts -> alerts.size() > 1);
        app.stop();
      }

      assertThat(alerts(cluster))
          .extracting(Fields::value)
          .extracting(alert -> text(alert, "kind"), AlertIT::mostMoved)
          .containsExactlyInAnyOrder(
              tuple("attribution", DigitRows.MOVED), tuple("input", DigitRows.MOVED));
    }
  }

  @FunctionalInterface
  private interface Feed {
    void send(DigitRows rows) throws Exception;
  }

  /** The healthy bundle as it would be without its reference. */
  private String withoutReference() throws IOException {
    Path bundle = Files.createDirectory(directory.resolve("without-reference"));
    for (String file : List.of("encoder.pt", "tensors.safetensors")) {
      Files.copy(Path.of(HEALTHY).resolve(file), bundle.resolve(file));
    }
    ObjectMapper json = new ObjectMapper();
    ObjectNode model = (ObjectNode) json.readTree(Path.of(HEALTHY).resolve("model.json").toFile());
    model.remove("reference");
    json.writeValue(bundle.resolve("model.json").toFile(), model);
    return bundle.toString();
  }

  /** Every record is sampled. */
  private static Map<String, String> sampling(Cluster cluster, String bundle) {
    Map<String, String> settings = settings(cluster, bundle);
    settings.put("samples.per.second", "1000");
    settings.put("drift.reference.rows", String.valueOf(REFERENCE_ROWS));
    settings.put("drift.window.rows", String.valueOf(WINDOW_ROWS));
    return settings;
  }

  private static String mostMoved(GenericRecord alert) {
    List<?> moved = (List<?>) alert.get("features");
    return text((GenericRecord) moved.get(0), "feature");
  }

  /** One window of time has all its batches, and is published two seconds after them. */
  private static Map<String, String> settings(Cluster cluster, String bundle) {
    Map<String, String> settings = cluster.settings(bundle);
    settings.put("session.timeout.ms", "6000");
    settings.put("drift.window.ms", "1000");
    return settings;
  }

  private static List<ConsumerRecord<byte[], Object>> alerts(Cluster cluster) {
    return read(cluster, cluster.topics.alerts());
  }

  private static List<ConsumerRecord<byte[], Object>> read(Cluster cluster, String topic) {
    try (var avro = cluster.endpoints.avroDeserializer()) {
      return Published.readToEnd(cluster.endpoints, topic, avro);
    }
  }

  private static void awaitAlerts(
      Cluster cluster, Predicate<List<ConsumerRecord<byte[], Object>>> enough) {
    await(cluster, cluster.topics.alerts(), enough);
  }

  /** Waits until step 3 has seen the verification of so many records, each once. */
  private static void awaitWindows(Cluster cluster, long records) {
    await(cluster, cluster.topics.windows(), windows -> counted(windows) >= records);
    assertThat(counted(read(cluster, cluster.topics.windows()))).isEqualTo(records);
  }

  /** A later record replaces an earlier one of the same version and start. */
  private static long counted(List<ConsumerRecord<byte[], Object>> windows) {
    Map<String, Long> counts = new HashMap<>();
    for (ConsumerRecord<byte[], Object> window : windows) {
      GenericRecord value = Fields.value(window);
      counts.put(value.get("version") + "@" + value.get("start"), Fields.whole(value, "count"));
    }
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void await(
      Cluster cluster, String topic, Predicate<List<ConsumerRecord<byte[], Object>>> enough) {
    try (var avro = cluster.endpoints.avroDeserializer();
        var reader = new TopicReader<>(cluster.endpoints, topic, avro)) {
      reader.readUntil(enough, TIMEOUT);
    }
  }

  private static void awaitMetric(int port, String line) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
    String metrics = "none";
    for (long end = System.nanoTime() + TIMEOUT.toNanos(); System.nanoTime() < end; ) {
      try {
        metrics = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        if (metrics.contains(line)) {
          return;
        }
      } catch (IOException e) {
        // The server is not there yet.
      }
      Thread.sleep(100);
    }
    assertThat(metrics).contains(line);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String text(GenericRecord record, String field) {
    return String.valueOf(record.get(field));
  }

  private static String header(ConsumerRecord<byte[], Object> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
