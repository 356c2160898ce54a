package io.attribution.stream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.config.HttpConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send or read slowly, or are too many, keep nobody else out. */
@Timeout(120)
class SlowClientsTest {
  private static final String ONE = "127.0.0.1";
  private static final String OTHER = "127.0.0.2";

  /** More than the server has threads. */
  private static final int MANY = 150;

  private static final String SLOW_BODY =
      "POST /api/v1/explain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Content-Length: 1000\r\n\r\n{";

  private final List<Socket> sockets = new ArrayList<>();
  private TestServer server = server(Duration.ofSeconds(2), Duration.ofMinutes(1));

  private static TestServer server(Duration head, Duration body) {
    return new TestServer(
        HttpConfig.Security.NONE,
        new WebServer.Timeouts(
            head,
            Duration.ofMinutes(1),
            new IncomingBody.Pace(Duration.ofMillis(500), 1024, body),
            Duration.ofSeconds(30)));
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  @Test
  void explainsForOthersWhileBodiesComeSlowly() throws Exception {
    for (int i = 0; i < MANY; i++) {
      TestServer.send(open(ONE), SLOW_BODY);
    }

    assertThat(explain(ONE)).startsWith("HTTP/1.1 200 ");
    assertThat(explain(OTHER)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void endsABodyThatComesTooSlowly() throws Exception {
    Socket slow = open(ONE);
    TestServer.send(slow, SLOW_BODY);

    String response = sendUntilAnswered(slow, " ");

    assertThat(response)
        .startsWith("HTTP/1.1 408 ")
        .contains("\r\nConnection: close\r\n")
        .contains("{\"error\":\"the body comes too slowly");
  }

  @Test
  void endsABodyThatNeverCompletes() throws Exception {
    server.close();
    server = server(Duration.ofMinutes(1), Duration.ofSeconds(1));
    Socket silent = open(ONE);
    TestServer.send(silent, SLOW_BODY);

    assertThat(TestServer.read(silent)).startsWith("HTTP/1.1 408 ");
  }

  /** Every byte would begin Jetty's idle timeout anew. */
  @Test
  void closesAConnectionWhoseHeadNeverEnds() throws Exception {
    Socket slow = open(ONE);
    TestServer.send(slow, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n");

    assertThat(sendUntilAnswered(slow, "X")).isEmpty();
  }

  /** Also after a first request. */
  @Test
  void closesAConnectionWhoseNextHeadNeverEnds() throws Exception {
    Socket slow = open(ONE);
    TestServer.send(slow, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nGET /");

    assertThat(sendUntilAnswered(slow, "X")).contains("\"UP\"").doesNotContain("HTTP/1.1 4");
  }

  @Test
  void servesOthersWhileNobodyReadsLargeResponses() throws Exception {
    for (int i = 0; i < MANY; i++) {
      TestServer.send(
          open(OTHER), get("/webjars/echarts/echarts.min.js") + get("/openapi.json").repeat(50));
    }

    assertThat(exchange(ONE, get("/health/live"))).startsWith("HTTP/1.1 200 ");
    assertThat(explain(OTHER)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void givesAClientHalfOfTheConnections() throws Exception {
    server.close();
    // Only the share closes any.
    server = server(Duration.ofMinutes(5), Duration.ofMinutes(1));
    for (int i = 0; i < 512; i++) {
      open(OTHER);
    }
    // Connections may be opened in another order than they were asked for.
    for (Socket socket : List.copyOf(sockets)) {
      TestServer.send(socket, get("/health/live"));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    assertThat(TestServer.read(open(OTHER))).isEmpty();
    assertThat(exchange(ONE, get("/health/live"))).startsWith("HTTP/1.1 200 ");

    sockets.get(0).close();
    String again = "";
    while (again.isEmpty()) {
      again = exchange(OTHER, get("/health/live"));
    }
    assertThat(again).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void endsAClientsEventsWithItsShare() throws Exception {
    for (int i = 0; i < EventHub.MAX_CLIENTS / 2; i++) {
      Socket events = open(OTHER);
      TestServer.send(events, get("/api/v1/stream"));
      assertThat(events.getInputStream().read()).isEqualTo('H');
    }

    assertThat(exchange(OTHER, get("/api/v1/stream"))).startsWith("HTTP/1.1 503 ");
    Socket events = open(ONE);
    TestServer.send(events, get("/api/v1/stream"));
    assertThat(new String(events.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
        .isEqualTo("HTTP/1.1 200");
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  private Socket open(String from) throws IOException {
    Socket socket = server.connect(from);
    sockets.add(socket);
    return socket;
  }

  private String explain(String from) throws IOException {
    return exchange(
        from,
        "POST /api/v1/explain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: 16\r\n\r\n{\"rows\":[[1,2]]}");
  }

  private String exchange(String from, String request) throws IOException {
    try (Socket socket = server.connect(from)) {
      TestServer.send(socket, request.replace("Host:", "Connection: close\r\nHost:"));
      return TestServer.read(socket);
    } catch (SocketException closed) {
      return "";
    }
  }

  /** Sends the same text ten times a second until the server closes. */
  private static String sendUntilAnswered(Socket socket, String text) throws Exception {
    Thread sender =
        new Thread(
            () -> {
              try {
                while (true) {
                  TestServer.send(socket, text);
                  Thread.sleep(100);
                }
              } catch (IOException | InterruptedException closed) {
                // The server has ended it.
              }
            });
    sender.start();
    try {
      return TestServer.read(socket);
    } finally {
      sender.interrupt();
      sender.join();
    }
  }
}
