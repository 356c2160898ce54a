package io.attribution.stream.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attribution.stream.config.HttpConfig;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Requests that no client library sends: the right status, one line of JSON, no log. */
@Timeout(60)
class HostileRequestsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOST = "Host: localhost\r\nConnection: close\r\n";
  private static final String TYPE = "Content-Type: application/json\r\n";
  private static final String CHUNKED = post(TYPE + "Transfer-Encoding: chunked\r\n") + "%s\r\n";
  private static final Logger ROOT =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer(HttpConfig.Security.NONE, TestServer.USUAL);
    LOG.start();
    ROOT.addAppender(LOG);
  }

  @AfterAll
  static void stop() {
    ROOT.detachAppender(LOG);
    server.close();
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        // Bodies
        Arguments.of("no chunk", CHUNKED.formatted("zz"), 400, "the body cannot be read"),
        Arguments.of("no end of chunk", CHUNKED.formatted("2\r\n{\"xx"), 400, "cannot be read"),
        Arguments.of("huge chunk", CHUNKED.formatted("F".repeat(17)), 400, "cannot be read"),
        Arguments.of("negative chunk", CHUNKED.formatted("-1"), 400, "cannot be read"),
        Arguments.of("two lengths", sized(TYPE + "Content-Length: 3\r\n", "{}"), 400, "Length"),
        Arguments.of(
            "length and chunks", sized(TYPE + "Transfer-Encoding: chunked\r\n", ""), 400, "Length"),
        Arguments.of("no number", post(TYPE + "Content-Length: x\r\n"), 400, "Content-Length"),
        Arguments.of("too long", post(TYPE + "Content-Length: 9999999999\r\n"), 413, "larger"),
        Arguments.of("no body", sized(TYPE, ""), 400, "not a JSON object"),
        Arguments.of("no type", sized("", "{}"), 415, "application/json"),
        Arguments.of(
            "another type", sized("Content-Type: application/jsonx\r\n", "{}"), 415, "json"),
        Arguments.of(
            "another charset",
            sized("Content-Type: application/json; charset=latin1\r\n", "{}"),
            415,
            "UTF-8"),
        Arguments.of(
            "compressed", sized(TYPE + "Content-Encoding: gzip\r\n", "x"), 415, "Content-Encoding"),
        Arguments.of("unknown promise", sized(TYPE + "Expect: magic\r\n", "{}"), 417, "Expect"),
        Arguments.of("nested", sized(TYPE, "{\"rows\":" + "[".repeat(9999)), 400, "row 0, value 0"),
        Arguments.of(
            "long number", sized(TYPE, "{\"rows\":[[1" + "0".repeat(5000) + "]]}"), 400, "length"),
        Arguments.of("long name", sized(TYPE, "{\"" + "a".repeat(9999) + "\":1}"), 400, "length"),
        // Parameters
        Arguments.of("mistyped", get("/api/v1/alerts?limt=5"), 400, "did you mean 'limit'?"),
        Arguments.of("unknown", get("/metrics?x=1"), 400, "no parameters"),
        Arguments.of("without name", get("/api/v1/alerts?=5"), 400, "the parameters are limit"),
        Arguments.of("twice", get("/api/v1/alerts?limit=5&limit=6"), 400, "twice"),
        Arguments.of("empty", get("/api/v1/alerts?limit="), 400, "limit is ''"),
        Arguments.of("zero", get("/api/v1/alerts?limit=0"), 400, "1 to 10000"),
        Arguments.of("other digits", get("/api/v1/alerts?limit=%D9%A1"), 400, "1 to 10000"),
        Arguments.of("bad percent", get("/api/v1/alerts?limit=%zz"), 400, "percent-encoded"),
        Arguments.of("cut percent", get("/api/v1/alerts?limit=5%"), 400, "percent-encoded"),
        Arguments.of("not UTF-8", get("/api/v1/explanations?model=%ff"), 400, "UTF-8"),
        Arguments.of("control", get("/api/v1/explanations?model=%1b%0a"), 404, "no model"),
        // Paths
        Arguments.of("slash", get("/api/v1/explanations/..%2f..%2fopenapi.json"), 400, "Ambiguous"),
        Arguments.of("dots", get("/api/v1/%2e%2e/v1/models"), 400, "Ambiguous"),
        Arguments.of("above the root", get("/../../etc/passwd"), 400, "Bad Request"),
        Arguments.of("two slashes", get("//api/v1/models"), 400, "Ambiguous"),
        Arguments.of("zero byte", get("/api/v1/models%00"), 400, "Bad Request"),
        Arguments.of("backslash", get("/api\\v1\\models"), 400, "Character"),
        Arguments.of("semicolon", get("/api/v1/models;a=b"), 404, "there is no GET"),
        Arguments.of("another host", get("http://evil/api/v1/models"), 400, "Host"),
        // Methods
        Arguments.of("no such method", request("FOO", "/api/v1/models"), 405, "does not support"),
        Arguments.of("trace", request("TRACE", "/api/v1/models"), 405, "does not support"),
        Arguments.of("read of a post", get("/api/v1/explain"), 405, "does not support GET"),
        Arguments.of("change of a page", request("DELETE", "/app.js"), 405, "does not support"),
        Arguments.of("all", request("OPTIONS", "*"), 404, ""),
        Arguments.of(
            "hidden method",
            get("/api/v1/explain", "X-HTTP-Method-Override: POST\r\n"),
            400,
            "X-HTTP-Method-Override"),
        Arguments.of(
            "web socket", get("/api/v1/stream", "Sec-WebSocket-Version: 13\r\n"), 404, "WebSocket"),
        // Heads
        Arguments.of("long header", get("/", "X: " + "a".repeat(9999) + "\r\n"), 431, "Large"),
        Arguments.of("long path", get("/" + "a".repeat(9999)), 414, "URI Too Long"),
        Arguments.of("two hosts", get("/", "Host: a\r\n"), 400, "Host"),
        Arguments.of("no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "No Host"),
        Arguments.of("space in a name", get("/", "X : 1\r\n"), 400, "Illegal character"),
        Arguments.of("folded", get("/", "X: 1\r\n 2\r\n"), 400, "Folding"),
        Arguments.of("zero in a header", get("/", "X: \0\r\n"), 400, "Illegal character"),
        Arguments.of("TLS", "\u0016\u0003\u0001\u0002\u0000\r\n\r\n", 400, "Illegal character"),
        Arguments.of("old", "GET /\r\n\r\n", 505, "HTTP/0.9"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void getTheirStatusAndOneLine(String name, String request, int status, String words)
      throws Exception {
    LOG.list.clear();

    String response = server.exchange(request);

    assertThat(response).as(name).startsWith("HTTP/1.1 " + status + " ");
    assertThat(JSON.readTree(body(response)).get("error").asText())
        .contains(words)
        .doesNotContain("\n");
    assertThat(LOG.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR));
    assertThat(LOG.list).noneMatch(event -> event.getThrowableProxy() != null);
  }

  /** Whatever comes many times: the log stays as it is. */
  @Test
  void floodNoLog() throws Exception {
    LOG.list.clear();
    for (int i = 0; i < 100; i++) {
      assertThat(server.exchange(CHUNKED.formatted("zz"))).startsWith("HTTP/1.1 400 ");
    }

    assertThat(LOG.list).isEmpty();
  }

  @Test
  void saysWhatAPathAllows() throws Exception {
    assertThat(server.exchange(request("PUT", "/api/v1/models")))
        .contains("\r\nAllow: GET, HEAD, OPTIONS\r\n");
    assertThat(server.exchange(request("OPTIONS", "/api/v1/explain")))
        .startsWith("HTTP/1.1 204 ")
        .contains("\r\nAllow: POST, OPTIONS\r\n");
    assertThat(server.exchange(request("POST", "/"))).contains("\r\nAllow: GET, HEAD\r\n");
  }

  @Test
  void answersHeadAsGetWithoutTheBody() throws Exception {
    for (String path : new String[] {"/", "/api/v1/models", "/metrics", "/api/v1/stream"}) {
      assertThat(server.exchange(request("HEAD", path)))
          .as(path)
          .startsWith("HTTP/1.1 200 ")
          .endsWith("\r\n\r\n");
    }
    assertThat(server.exchange(request("HEAD", "/api/v1/explanations/nonsense")))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void takesABodyThatWasAnnounced() throws Exception {
    assertThat(server.exchange(sized(TYPE + "Expect: 100-continue\r\n", "{\"rows\":[[1,2]]}")))
        .startsWith("HTTP/1.1 100 ")
        .contains("HTTP/1.1 200 ")
        .contains("\"embedding\":[3.0]");
  }

  @Test
  void answersRequestsInTheirOrder() throws Exception {
    String live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    String responses = server.exchange(live + live + get("/api/v1/nothing"));

    assertThat(responses.split("HTTP/1.1 ", -1)).hasSize(4);
    assertThat(responses).contains("\"UP\"").endsWith("see /openapi.json\"}");
  }

  private static String body(String response) throws IOException {
    return response.substring(response.indexOf("\r\n\r\n") + 4);
  }

  private static String get(String path) {
    return request("GET", path);
  }

  private static String get(String path, String headers) {
    return "GET " + path + " HTTP/1.1\r\n" + HOST + headers + "\r\n";
  }

  private static String request(String method, String path) {
    return method + " " + path + " HTTP/1.1\r\n" + HOST + "\r\n";
  }

  private static String post(String headers) {
    return "POST /api/v1/explain HTTP/1.1\r\n" + HOST + headers + "\r\n";
  }

  private static String sized(String headers, String body) {
    return post(headers + "Content-Length: " + body.length() + "\r\n") + body;
  }
}
