package io.attribution.stream.http;

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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A server on a real socket, with a model whose output is the sum of its features. */
public final class TestServer implements AutoCloseable {
  static final WebServer.Timeouts USUAL = WebServer.Timeouts.USUAL;
  private static final String HOST = "127.0.0.1";

  private final Monitoring monitoring = new Monitoring(List.of("sum"));
  private final ExplainQueue queue;
  private final WebServer server;

  TestServer(HttpConfig.Security security, WebServer.Timeouts timeouts) {
    this(2, security, timeouts);
  }

  /**
   * @param features of the model
   */
  TestServer(int features, HttpConfig.Security security, WebServer.Timeouts timeouts) {
    HttpConfig config = new HttpConfig(0, HOST, List.of(), 8192, 1000, 100, security);
    queue =
        new ExplainQueue(
            config.queueRows(),
            new BatchPolicy(config.maxRows(), 1 << 30, Duration.ofMillis(2)),
            System::nanoTime);
    server = new WebServer(config, services(features), timeouts).start();
  }

  /** A server that needs one of these tokens for the dashboard, without TLS. */
  public static TestServer withTokens(Path readTokens) {
    return new TestServer(
        new HttpConfig.Security(
            Optional.empty(), Optional.of(readTokens), Optional.empty(), Optional.empty(), false),
        USUAL);
  }

  public URI address() {
    return server.address();
  }

  private WebServices services(int features) {
    ModelView view =
        new ModelView(
            "sum",
            "1",
            "b",
            IntStream.range(0, features).mapToObj(k -> "f" + k).toList(),
            List.of("y"),
            Optional.empty(),
            "l2",
            1e-4,
            true,
            1e-5);
    InputConsumers consumers = new InputConsumers(Map.of());
    Registry registry = new Registry(new MockSchemaRegistryClient(), Duration.ZERO);
    return new WebServices(
        List.of(new ServedModel(view, new SumExplainer("sum", features, 1000).open())),
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

  WebServer server() {
    return server;
  }

  /**
   * A connection from one of this machine's own addresses.
   *
   * @param from such as 127.0.0.2
   */
  Socket connect(String from) throws IOException {
    Socket socket = new Socket();
    // Little of a response fits between here and there.
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(30_000);
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.address().getPort()));
    return socket;
  }

  /** Sends bytes as they are and returns what comes back until the server closes. */
  String exchange(String request) throws IOException {
    try (Socket socket = connect(HOST)) {
      send(socket, request);
      return read(socket);
    }
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Everything until the end; a reset ends it too. */
  static String read(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        all.write(buffer, 0, n);
      }
    } catch (java.net.SocketException reset) {
      // The server closed while more was on its way.
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    queue.close();
    server.close();
    monitoring.close();
  }
}
