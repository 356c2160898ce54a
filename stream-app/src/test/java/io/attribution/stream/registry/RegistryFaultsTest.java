package io.attribution.stream.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Registries that hang, that are none, and that send the client elsewhere: real sockets. */
class RegistryFaultsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** Far above the timeout, for a loaded machine, and far below the client's own minute. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ExecutorService workers = Executors.newCachedThreadPool();
  private HttpServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
    workers.shutdownNow();
  }

  /** The kernel accepts the connection; nobody reads the request. */
  @Test
  void givesUpARegistryThatNeverAnswers() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort();

      RegistryException failure = failureOf(url, Map.of("http.read.timeout.ms", "600000"));

      assertThat(failure).hasMessageContaining("no answer within 1000 ms");
      assertThat(failure.isRetriable()).isTrue();
    }
  }

  /** Each byte arrives in time, so that no socket timeout ends the call. */
  @Test
  void givesUpARegistryThatAnswersByteByByte() {
    serve(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (true) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            sleep(50);
          }
        });

    assertThat(failureOf(url(), Map.of())).hasMessageContaining("no answer within 1000 ms");
  }

  @Test
  void triesAgainAfterTheReadTimeout() {
    List<String> calls = new CopyOnWriteArrayList<>();
    serve(
        exchange -> {
          calls.add(exchange.getRequestURI().toString());
          if (calls.size() == 1) {
            sleep(60_000);
          }
          answer(exchange, 200, "{\"schema\":\"\\\"int\\\"\"}");
        });

    assertThat(registry(url(), Map.of("http.read.timeout.ms", "200"), LIMIT).schema(1))
        .isInstanceOf(Registry.Lookup.Found.class);
    assertThat(calls).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "502 | <html><head><title>502 Bad Gateway</title><style>b{}</style></head><body>nginx | true"
            + " | status 502, and not from a Schema Registry ('502 Bad Gateway nginx'); is the",
        "404 | <html><body><h1>Not Found</h1></body></html> | false"
            + " | status 404, and not from a Schema Registry ('Not Found'); is the address right?",
        "404 | '' | false | status 404, and not from a Schema Registry; is the address right?",
        "200 | <html>Log in</html> | true"
            + " | the answer is no JSON, and so not from a Schema Registry; is the address right?",
        "401 | <html>no</html> | false | ('no'); is the address right?; check basic.auth",
        "403 | '{\"error_code\":40301,\"message\":\"denied\"}' | false | denied; error code: 40301",
        "500 | '{\"error_code\":50001,\"message\":\"store\"}' | true | store; error code: 50001",
        "302 | '' | false | status 302, a redirect, which no credentials follow; set schema.reg",
      })
  void keepsTheReasonInOneLine(int status, String body, boolean retriable, String words) {
    serve(exchange -> answer(exchange, status, body));

    RegistryException failure =
        failureOf(
            url(),
            Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "t"));

    assertThat(failure.getMessage())
        .startsWith("schema registry at " + url() + ": schema id 1: ")
        .contains(words)
        .doesNotContain("<", "\n");
    assertThat(failure.isRetriable()).isEqualTo(retriable);
  }

  @Test
  void sendsNoCredentialsToWhereARedirectLeads() throws IOException {
    List<String> leaked = new CopyOnWriteArrayList<>();
    HttpServer other = listen();
    try {
      other.createContext(
          "/",
          exchange -> {
            leaked.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            answer(exchange, 200, "{\"schema\":\"\\\"int\\\"\"}");
          });
      serve(
          exchange -> {
            exchange
                .getResponseHeaders()
                .set("Location", "http://localhost:" + other.getAddress().getPort() + "/");
            answer(exchange, 302, "");
          });

      assertThat(failureOf(url().replace("//", "//me:secret@"), Map.of()))
          .hasMessageNotContaining("secret");
      assertThat(leaked).isEmpty();

      assertThat(registry(url(), Map.of(), LIMIT).schema(1))
          .isInstanceOf(Registry.Lookup.Found.class);
      assertThat(leaked).containsExactly("null");
    } finally {
      other.stop(0);
    }
  }

  /** As most servers do with what is no request. */
  @Test
  void saysThatAPortDoesNotSpeakTls() throws IOException {
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      workers.execute(() -> refuseOnce(plain));

      assertThat(failureOf("https://127.0.0.1:" + plain.getLocalPort(), Map.of(), LIMIT))
          .hasMessageContaining("Unsupported or unrecognized SSL message")
          .hasMessageEndingWith("the port does not speak TLS; check protocol and port");
    }
  }

  private static void refuseOnce(ServerSocket plain) {
    try (Socket client = plain.accept()) {
      client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
      client.getInputStream().read();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysThatAHostIsUnknown() {
    assertThat(failureOf("http://no-such-host.invalid:8081", Map.of()))
        .hasMessageContaining("unknown host no-such-host.invalid");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "basic.auth.credentials.source | USERINFO | must be one of [SASL_INHERIT, URL, USER_INFO]",
        "basic.auth.user.info | me:secret | set basic.auth.credentials.source=USER_INFO",
        "bearer.auth.token | secret | set bearer.auth.credentials.source=STATIC_TOKEN",
        "bearer.auth.credentials.source | STATIC | must be one of [CUSTOM, STATIC_TOKEN]",
        "bearer.auth.credentials.source | OAUTHBEARER | needs classes that Kafka 4 no longer has",
        "basic.auth.credentials.source | SASL_INHERIT | java.security.auth.login.config",
      })
  void refusesLoginsThatWouldSendNothing(String key, String value, String words) {
    assertThatThrownBy(() -> registry("http://x", Map.of(key, value), TIMEOUT))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(words)
        .hasMessageNotContaining("secret");
  }

  @Test
  void loadsAProviderOfTheUsersOwn() {
    List<String> seen = new CopyOnWriteArrayList<>();
    serve(
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          answer(exchange, 200, "{\"schema\":\"\\\"int\\\"\"}");
        });

    registry(
            url(),
            Map.of(
                "bearer.auth.credentials.source",
                "CUSTOM",
                "bearer.auth.custom.provider.class",
                OwnTokens.class.getName()),
            LIMIT)
        .schema(1);

    assertThat(seen).containsExactly("Bearer own");
  }

  private static RegistryException failureOf(String url, Map<String, String> settings) {
    return failureOf(url, settings, TIMEOUT);
  }

  private static RegistryException failureOf(
      String url, Map<String, String> settings, Duration timeout) {
    long start = System.nanoTime();
    Registry registry = registry(url, settings, timeout);
    RegistryException failure =
        catchThrowableOfType(RegistryException.class, () -> registry.schema(1));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
    return failure;
  }

  private static Registry registry(String url, Map<String, String> more, Duration timeout) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("schema.registry.url", url);
    settings.put("max.retries", "0");
    RegistrySettings parsed = RegistrySettings.of(settings);
    return new Registry(parsed.open(), parsed.addresses(), timeout);
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private void serve(Handler handler) {
    try {
      server = listen();
      server.createContext("/", handler::handle);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HttpServer listen() throws IOException {
    HttpServer listening =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    listening.setExecutor(workers);
    listening.start();
    return listening;
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
