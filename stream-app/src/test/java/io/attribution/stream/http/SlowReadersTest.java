package io.attribution.stream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.live.LiveState;
import io.attribution.stream.live.ModelView;
import io.attribution.stream.monitoring.Monitoring;
import io.attribution.stream.monitoring.Outside;
import io.attribution.stream.ondemand.ExplainQueue;
import io.attribution.stream.ondemand.InputConsumers;
import io.attribution.stream.ondemand.InputLookup;
import io.attribution.stream.ondemand.InputSearch;
import io.attribution.stream.ondemand.SumExplainer;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.serde.WriterSchemas;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers who take their time share the heap with the stream. */
@Timeout(120)
class SlowReadersTest {
  private static final int FEATURES = 4_000;

  /** The most that one answer may have of so many features. */
  private static final int ROWS = 1_000;

  private static final String OK = "HTTP/1.1 200";
  private static final String BUSY = "HTTP/1.1 429";

  private final ModelView view =
      new ModelView(
          "sum",
          "1",
          "b",
          IntStream.range(0, FEATURES).mapToObj(k -> "f" + k).toList(),
          List.of("y"),
          Optional.empty(),
          "l2",
          1e-4,
          true,
          1e-5);
  private final ExplainQueue queue =
      new ExplainQueue(
          8 * ROWS, new BatchPolicy(ROWS, 1 << 30, Duration.ofMillis(2)), System::nanoTime);
  private final Monitoring monitoring = new Monitoring(List.of("sum"));
  private final WebServer server =
      new WebServer(new HttpConfig(0, "127.0.0.1", List.of(), 8 * ROWS, ROWS, 100), services())
          .start();
  private final List<Socket> sockets = new ArrayList<>();

  private WebServices services() {
    InputConsumers consumers = new InputConsumers(Map.of());
    Registry registry = new Registry(new MockSchemaRegistryClient(), Duration.ZERO);
    return new WebServices(
        List.of(new ServedModel(view, new SumExplainer("sum", FEATURES, ROWS).open())),
        "sum",
        "l2",
        new LiveState(List.of(view)),
        new Running(),
        monitoring,
        queue,
        new FeatureDecoder(new WriterSchemas(registry, Clock.systemUTC())),
        new InputLookup(consumers, "features"),
        new InputSearch(consumers, "features", 100, Duration.ofSeconds(1)));
  }

  private record Running() implements StreamHealth {
    @Override
    public String state() {
      return "RUNNING";
    }

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public List<String> problems() {
      return List.of();
    }

    @Override
    public Outside outside() {
      return new Outside(Duration.ZERO);
    }
  }

  @AfterEach
  void close() throws IOException {
    hangUp();
    queue.close();
    server.close();
    monitoring.close();
  }

  @Test
  void holdsFourLargeAnswersAtATime() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(begin(ROWS)).isEqualTo(OK);
    }
    assertThat(begin(ROWS)).isEqualTo(BUSY);
    assertThat(begin(1)).isEqualTo(BUSY);

    hangUp();

    String status = begin(ROWS);
    while (status.equals(BUSY)) {
      Thread.sleep(50);
      status = begin(ROWS);
    }
    assertThat(status).isEqualTo(OK);
  }

  /** Asks and reads no more than the status. */
  private String begin(int rows) throws IOException {
    String row = "[" + String.join(",", Collections.nCopies(FEATURES, "1")) + "]";
    String body = "{\"rows\":[" + String.join(",", Collections.nCopies(rows, row)) + "]}";
    String head =
        "POST /api/v1/explain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n";
    Socket socket = new Socket();
    sockets.add(socket);
    // Little of the answer fits between here and there.
    socket.setReceiveBufferSize(4096);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.address().getPort()));
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
