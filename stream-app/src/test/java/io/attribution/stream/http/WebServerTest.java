package io.attribution.stream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.live.LiveRecords;
import io.attribution.stream.live.LiveState;
import io.attribution.stream.monitoring.InputPosition;
import io.attribution.stream.monitoring.Outside;
import io.attribution.stream.ondemand.ExplainQueue;
import io.attribution.stream.ondemand.SumExplainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final SumExplainer explainer = new SumExplainer("sum", 2, 64);
  private final TestServices services =
      new TestServices(
          8,
          64,
          new ServedModel(TestServices.sum(List.of("a", "b"), List.of("x", "y")), explainer));
  private final LiveState live = services.live;
  private final ExplainQueue queue = services.queue;
  private final FixedHealth health = new FixedHealth();
  private final WebServer server =
      new WebServer(
              config(0),
              services.of(health),
              new WebServer.Timeouts(
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(30),
                  new IncomingBody.Pace(Duration.ofSeconds(10), 1024, Duration.ofMinutes(2)),
                  Duration.ofSeconds(2)))
          .start();
  private final HttpClient client = HttpClient.newHttpClient();

  /** What a test says. */
  private static final class FixedHealth extends TestServices.Running {
    volatile boolean alive = true;
    volatile boolean ready = true;
    volatile boolean broken;

    @Override
    public String state() {
      if (broken) {
        throw new LinkageError("on purpose");
      }
      return super.state();
    }

    @Override
    public boolean isAlive() {
      return alive;
    }

    @Override
    public List<String> problems() {
      return ready ? List.of() : List.of("brokers: no good answer for 21 s");
    }

    @Override
    public Outside outside() {
      Outside outside = new Outside(Duration.ZERO);
      outside.commits().observe(List.of(new InputPosition(0, 2, 7)), Optional.of(Set.of(0)));
      return outside;
    }
  }

  private static HttpConfig config(int port) {
    return new HttpConfig(port, "127.0.0.1", List.of("explain.example"), 8, 6, 100);
  }

  @AfterEach
  void close() {
    explainer.open();
    services.close(server);
  }

  @Test
  void isDescribedByItsOpenApiDocument() throws Exception {
    JsonNode document = JSON.readTree(get("/openapi.json").body());
    Set<String> described = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    Set<String> registered = new TreeSet<>();
    server.routes().forEach(route -> registered.add(route.method() + " " + route.path()));

    assertThat(registered).isEqualTo(described);
  }

  @ParameterizedTest
  @CsvSource({
    "/health/live, /health/live, 200",
    "/health/ready, /health/ready, 200",
    "/api/v1/models, /api/v1/models, 200",
    "/api/v1/alerts?limit=5, /api/v1/alerts, 200",
    "/api/v1/alerts?limit=x, /api/v1/alerts, 400",
    "/api/v1/verification/batches, /api/v1/verification/batches, 200",
    "/api/v1/verification/windows, /api/v1/verification/windows, 200",
    "/api/v1/explanations, /api/v1/explanations, 200",
    "/api/v1/explanations?model=no, /api/v1/explanations, 404",
    "/api/v1/explanations/nonsense, '/api/v1/explanations/{id}', 400",
    "/api/v1/explanations/other-0@3, '/api/v1/explanations/{id}', 404",
    "/api/v1/explanations/find, /api/v1/explanations/find, 400",
    "/api/v1/features/top?limit=1, /api/v1/features/top, 200",
    "/api/v1/operations, /api/v1/operations, 200",
  })
  void answersAsItsDocumentSays(String address, String path, int status) throws Exception {
    fill();

    HttpResponse<String> response = get(address);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(OpenApi.violations("get", path, status, response.body())).isEmpty();
  }

  private void fill() {
    live.addSample(LiveRecords.sample("sum", "b", 1, true, 1, 2, 3, 4), 1001);
    live.addSample(LiveRecords.sample("sum", "b", 2, true, 1, 2, 3, 4), 1002);
    live.addBatch(LiveRecords.metric("sum", 1, 1e-7));
    live.addWindow(LiveRecords.window("sum", 0, 5));
    live.addAlert(LiveRecords.alert("sum", "linearity_error", "open"));
  }

  @Test
  void showsTheNewestSampleFirstAndNamesItsFeatures() throws Exception {
    fill();

    JsonNode samples = JSON.readTree(get("/api/v1/explanations?model=sum&limit=1").body());

    assertThat(samples).hasSize(1);
    assertThat(samples.get(0).get("id").asText()).isEqualTo("features-0@2");
    assertThat(samples.get(0).get("topFeature").asText()).isEqualTo("b");
  }

  @Test
  void countsOpenAlertsByKind() throws Exception {
    fill();

    JsonNode operations = JSON.readTree(get("/api/v1/operations").body());

    assertThat(operations.get("openAlerts").get("linearity_error").asInt()).isEqualTo(1);
    assertThat(operations.get("lag").asInt()).isEqualTo(5);
  }

  @Test
  void tellsProbesWhenItIsNotReadyAndWhenItIsDead() throws Exception {
    health.ready = false;
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").body())
        .contains("\"DOWN\"")
        .contains("[\"brokers: no good answer for 21 s\"]");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);

    health.alive = false;
    HttpResponse<String> dead = get("/health/live");
    assertThat(dead.statusCode()).isEqualTo(503);
    assertThat(dead.body()).isEqualTo("{\"status\":\"DOWN\"}");
  }

  @Test
  void explainsRowsAndSaysWhichItCannot() throws Exception {
    explainer.open();

    HttpResponse<String> response =
        post("{\"rows\":[[1,2],[1],[1e99,0],[" + SumExplainer.POISON + ",0],[3,4]]}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(OpenApi.violations("post", "/api/v1/explain", 200, response.body())).isEmpty();
    JsonNode rows = JSON.readTree(response.body()).get("explanations");
    assertThat(rows.get(0).toString())
        .isEqualTo(
            "{\"embedding\":[3.0],\"reconstruction\":[3.0],\"method\":\"jacobian\",\"contributions\":[[1.0,2.0]],"
                + "\"reduced\":[1.0,2.0],\"relativeError\":0.0,\"exact\":true}");
    assertThat(rows.get(1).get("rejected").asText()).isEqualTo("wrong_length");
    assertThat(rows.get(2).get("rejected").asText()).isEqualTo("not_finite");
    assertThat(rows.get(3).get("rejected").asText()).isEqualTo("encoder_failed");
    assertThat(rows.get(4).get("embedding").get(0).asDouble()).isEqualTo(7);
  }

  @Test
  void doesNotLetWaitForEverWhoAsksASlowEncoder() throws Exception {
    HttpResponse<String> response = post("{\"rows\":[[1,2]]}");
    explainer.open();

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    assertThat(OpenApi.violations("post", "/api/v1/explain", 503, response.body())).isEmpty();
    assertThat(post("{\"rows\":[[1,2]]}").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 200",
    "localhost:8080, 200",
    "LOCALHOST., 200",
    "app.localhost, 200",
    "[::1]:8080, 200",
    "explain.example:8080, 200",
    "evil.example, 403",
    "evil.example:8080, 403",
    "127.0.0.1.evil.example, 403",
    "localhost.evil.example, 403",
  })
  void answersOnlyToNamesThatNobodyElseCanMakeLeadHere(String host, int status) throws Exception {
    String response = raw("GET /api/v1/models HTTP/1.1\r\nHost: " + host);

    assertThat(response).startsWith("HTTP/1.1 " + status);
  }

  @ParameterizedTest
  @CsvSource({
    "cross-site, no-cors, image, 403",
    "cross-site, cors, empty, 403",
    "cross-site, navigate, iframe, 403",
    "cross-site, navigate, document, 200",
    "same-origin, cors, empty, 200",
    "none, navigate, document, 200",
  })
  void answersNoPagesOfOtherSites(String site, String mode, String destination, int status)
      throws Exception {
    String response =
        raw(
            "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: "
                + site
                + "\r\nSec-Fetch-Mode: "
                + mode
                + "\r\nSec-Fetch-Dest: "
                + destination);

    assertThat(response).startsWith("HTTP/1.1 " + status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/explanations/%ff HTTP/1.1\r\nHost: localhost",
        "GET /api/v1/models HTTP/1.1\r\nHost: local host",
        "NO HTTP AT ALL",
      })
  void saysInOneLineOfJsonWhatNoRouteSees(String request) throws Exception {
    String response = raw(request);

    assertThat(response).startsWith("HTTP/1.1 400").contains("nosniff");
    String body = response.substring(response.indexOf("\r\n\r\n") + 4);
    assertThat(JSON.readTree(body).get("error").asText()).isNotEmpty();
  }

  /** The answer to a request that a client library would not send. */
  private String raw(String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket
          .getOutputStream()
          .write((head + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A timer forgets a task that threw, whatever it threw. */
  @Test
  void goesOnTellingWhatIsNewAfterAnError() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri("/api/v1/stream")).build();
    try (InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      next(lines, "operations");
      health.broken = true;
      Thread.sleep(2500);
      health.broken = false;
      fill();

      assertThat(next(lines, "samples")).hasSize(2);
    }
  }

  @Test
  void asksToTryAgainWhenTheQueueIsFull() throws Exception {
    var first = client.sendAsync(explain("{\"rows\":[[1,1],[2,2],[3,3],[4,4],[5,5]]}"), text());
    while (queue.waitingRows() == 0) {
      Thread.sleep(1);
    }

    HttpResponse<String> refused = post("{\"rows\":[[1,1],[2,2],[3,3],[4,4]]}");
    explainer.open();

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(OpenApi.violations("post", "/api/v1/explain", 429, refused.body())).isEmpty();
    assertThat(first.get().statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body())
        .contains("attribution_explain_requests_total{outcome=\"queue_full\"} 1.0");
  }

  @RepeatedTest(5)
  void tellsWhoWaitsThatTheInstanceStops() throws Exception {
    // One batch is computed, the other one waits.
    var computing = client.sendAsync(explain("{\"rows\":[[1,1]]}"), text());
    while (explainer.batchSizes.isEmpty()) {
      Thread.sleep(1);
    }
    var waiting = client.sendAsync(explain("{\"rows\":[[2,2]]}"), text());
    while (queue.waitingRows() < 2) {
      Thread.sleep(1);
    }
    new Thread(
            () -> {
              waiting.join();
              explainer.open();
            })
        .start();

    queue.close();
    server.close();

    assertThat(waiting.get().statusCode()).isEqualTo(503);
    assertThat(computing.get().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rows\":[[1,2],[1,2],[1,2],[1,2],[1,2],[1,2],[1,2]]} | 413 | more than 6 rows",
        "{\"rows\":[[1,x]]} | 400 | line 1, column",
        "{\"model\":\"no\",\"rows\":[]} | 404 | no model 'no'; available: sum",
      })
  void refusesBodiesInOneLine(String body, int status, String message) throws Exception {
    HttpResponse<String> response = post(body);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(response.body()).get("error").asText()).contains(message);
    assertThat(OpenApi.violations("post", "/api/v1/explain", status, response.body())).isEmpty();
  }

  @Test
  void refusesABodyThatIsTooLargeHoweverItsRowsAreWritten() throws Exception {
    HttpResponse<String> response = post("{\"rows\":[[1," + " ".repeat(1 << 17) + "2]]}");

    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void takesRowsOnlyAsJson() throws Exception {
    HttpRequest form =
        HttpRequest.newBuilder(uri("/api/v1/explain"))
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("{\"rows\":[[1,2]]}"))
            .build();

    assertThat(client.send(form, text()).statusCode()).isEqualTo(415);
  }

  @Test
  void saysInOneLineWhatIsNotThere() throws Exception {
    assertThat(get("/api/v1/nothing").body())
        .isEqualTo("{\"error\":\"there is no GET /api/v1/nothing; see /openapi.json\"}");
    assertThat(get("/webjars/echarts/other.js").statusCode()).isEqualTo(404);
    assertThat(get("/webjars/echarts/..%2F..%2Fopenapi.json").statusCode())
        .isGreaterThanOrEqualTo(400);
  }

  @Test
  void protectsItsPages() throws Exception {
    HttpResponse<String> response = get("/webjars/echarts/echarts.min.js");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("echarts");
    assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'self'")
        .contains("frame-ancestors 'none'");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(response.headers().firstValue("Server")).isEmpty();
  }

  @Test
  void sendsWhatIsNewAsEvents() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri("/api/v1/stream")).build();
    try (InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      assertThat(next(lines, "hello").get("models").get(0).get("name").asText()).isEqualTo("sum");

      fill();

      assertThat(next(lines, "samples")).hasSize(2);
      assertThat(next(lines, "alert").get("kind").asText()).isEqualTo("linearity_error");
      assertThat(next(lines, "operations").get("state").asText()).isEqualTo("RUNNING");
      assertThat(next(lines, "top").get("features").get(0).get("feature").asText()).isEqualTo("b");
    }
  }

  /** The data of the next event of this name. */
  private static JsonNode next(BufferedReader lines, String name) throws IOException {
    // Reading cannot be interrupted, but something comes every 15 s.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      String line = lines.readLine();
      if (line == null || System.nanoTime() > deadline) {
        throw new AssertionError("the events ended before '" + name + "'");
      }
      if (line.equals("event: " + name)) {
        return JSON.readTree(lines.readLine().substring("data: ".length()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, false", "localhost, false", "::1, false", "0.0.0.0, true", "::, true"})
  void warnsOnceWhereOthersCanReachIt(String host, boolean warns) {
    HttpConfig config = new HttpConfig(8080, host, List.of(), 8, 6, 100);

    Optional<String> warning = WebServer.warning(config, URI.create("http://here:8080"));

    assertThat(warning.isPresent()).isEqualTo(warns);
    warning.ifPresent(
        line -> assertThat(line).contains("http.host", "no TLS and tokens", "http://here:8080"));
  }

  /** Then other machines ask, by whatever name they know it. */
  @Test
  void answersToAnyNameWhereOthersCanReachItUnlessSomeAreListed() {
    assertThat(new BrowserGuard(new HttpConfig(0, "0.0.0.0", List.of(), 8, 6, 100)).checksNames())
        .isFalse();
    assertThat(
            new BrowserGuard(new HttpConfig(0, "0.0.0.0", List.of("a.example"), 8, 6, 100))
                .checksNames())
        .isTrue();
  }

  @Test
  void saysThatItsPortIsTaken() {
    WebServer second = new WebServer(config(server.address().getPort()), services.of(health));

    assertThatThrownBy(second::start)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http.port")
        .hasMessageContaining(String.valueOf(server.address().getPort()));
  }

  private HttpResponse<String> get(String address) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(address)).build(), text());
  }

  private HttpResponse<String> post(String body) throws Exception {
    return client.send(explain(body), text());
  }

  private HttpRequest explain(String body) {
    return HttpRequest.newBuilder(uri("/api/v1/explain"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static HttpResponse.BodyHandler<String> text() {
    return HttpResponse.BodyHandlers.ofString();
  }

  private URI uri(String address) {
    return URI.create(server.address() + address);
  }
}
