package io.attribution.stream.http;

import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.live.ModelView;
import io.attribution.stream.ondemand.SumExplainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A server on a real socket, with a model whose output is the sum of its features. */
public final class TestServer implements AutoCloseable {
  static final WebServer.Timeouts USUAL = WebServer.Timeouts.USUAL;
  private static final String HOST = "127.0.0.1";

  private final TestServices services;
  private final WebServer server;

  TestServer(HttpConfig.Security security, WebServer.Timeouts timeouts) {
    this(2, security, timeouts);
  }

  /**
   * @param features of the model
   */
  TestServer(int features, HttpConfig.Security security, WebServer.Timeouts timeouts) {
    HttpConfig config = new HttpConfig(0, HOST, List.of(), 8192, 1000, 100, security);
    ModelView view =
        TestServices.sum(
            IntStream.range(0, features).mapToObj(k -> "f" + k).toList(), List.of("y"));
    services =
        new TestServices(
            config.queueRows(),
            config.maxRows(),
            new ServedModel(view, new SumExplainer("sum", features, 1000).open()));
    server = new WebServer(config, services.of(new TestServices.Running()), timeouts).start();
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
    services.close(server);
  }
}
