package io.attribution.stream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.config.HttpConfig;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers who take their time share the heap with the stream. */
@Timeout(300)
class SlowReadersTest {
  private static final String ONE = "127.0.0.1";
  private static final String OTHER = "127.0.0.2";
  private static final String THIRD = "127.0.0.3";
  private static final int FEATURES = 4_000;

  /** The most that one answer may have of so many features. */
  private static final int ROWS = 1_000;

  private static final String OK = "HTTP/1.1 200";
  private static final String BUSY = "HTTP/1.1 429";

  private TestServer server = server(TestServer.USUAL);
  private final List<Socket> sockets = new ArrayList<>();

  private static TestServer server(WebServer.Timeouts timeouts) {
    return new TestServer(FEATURES, HttpConfig.Security.NONE, timeouts);
  }

  @AfterEach
  void close() throws IOException {
    hangUp();
    server.close();
  }

  @Test
  void holdsFourLargeAnswersAtATimeHalfOfThemForOneClient() throws Exception {
    assertThat(begin(ONE, ROWS)).isEqualTo(OK);
    assertThat(begin(ONE, ROWS)).isEqualTo(OK);
    assertThat(begin(ONE, 1)).isEqualTo(BUSY);
    assertThat(begin(OTHER, ROWS)).isEqualTo(OK);
    assertThat(begin(OTHER, ROWS)).isEqualTo(OK);
    assertThat(begin(THIRD, 1)).isEqualTo(BUSY);

    hangUp();

    String status = begin(THIRD, ROWS);
    while (status.equals(BUSY)) {
      Thread.sleep(50);
      status = begin(THIRD, ROWS);
    }
    assertThat(status).isEqualTo(OK);
  }

  /** A client that reads nothing gets its share back when the server gives the connection up. */
  @Test
  void givesUpClientsThatReadNothing() throws Exception {
    server.close();
    server =
        server(
            new WebServer.Timeouts(
                Duration.ofSeconds(20),
                Duration.ofSeconds(3),
                TestServer.USUAL.body(),
                Duration.ofSeconds(30)));
    assertThat(begin(ONE, ROWS)).isEqualTo(OK);
    assertThat(begin(ONE, ROWS)).isEqualTo(OK);

    String status = begin(ONE, ROWS);
    while (status.equals(BUSY)) {
      Thread.sleep(1000);
      status = begin(ONE, ROWS);
    }
    assertThat(status).isEqualTo(OK);
  }

  /** Asks and reads no more than the status. */
  private String begin(String from, int rows) throws IOException {
    String row = "[" + String.join(",", Collections.nCopies(FEATURES, "1")) + "]";
    String body = "{\"rows\":[" + String.join(",", Collections.nCopies(rows, row)) + "]}";
    String head =
        "POST /api/v1/explain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n";
    Socket socket = server.connect(from);
    sockets.add(socket);
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    byte[] status = socket.getInputStream().readNBytes(OK.length());
    return new String(status, StandardCharsets.US_ASCII);
  }

  private void hangUp() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }
}
