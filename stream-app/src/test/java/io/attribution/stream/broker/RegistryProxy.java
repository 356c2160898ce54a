package io.attribution.stream.broker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Stands before a registry, and can stand in its way. */
final class RegistryProxy implements AutoCloseable {
  private static final String TYPE = "Content-Type";

  private final String registry;
  private final int port = freePort();
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private volatile Mode mode = Mode.PASS;
  private @Nullable HttpServer server;
  private @Nullable ServerSocket silent;

  enum Mode {
    PASS,
    ERROR,
    HTML
  }

  RegistryProxy(String registry) throws IOException {
    this.registry = registry;
    serve();
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers like this. */
  void answer(Mode how) throws IOException {
    mode = how;
    if (server == null) {
      serve();
    }
  }

  private void serve() throws IOException {
    closeSilent();
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    http.setExecutor(workers);
    http.createContext("/", this::handle);
    http.start();
    server = http;
  }

  /** Refuses connections. */
  void refuse() throws IOException {
    Optional.ofNullable(server).ifPresent(http -> http.stop(0));
    server = null;
    closeSilent();
  }

  /** Accepts connections, and never answers. */
  void hang() throws IOException {
    refuse();
    silent = new ServerSocket(port, 1000, InetAddress.getLoopbackAddress());
  }

  private void closeSilent() throws IOException {
    if (silent != null) {
      silent.close();
      silent = null;
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (mode) {
        case PASS -> forward(exchange);
        case ERROR -> send(exchange, 500, "text/plain", "oh".getBytes(StandardCharsets.UTF_8));
        case HTML ->
            send(
                exchange,
                200,
                "text/html",
                "<html><body>Please log in</body></html>".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private void forward(HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(registry + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    Optional.ofNullable(exchange.getRequestHeaders().getFirst(TYPE))
        .ifPresent(type -> request.header(TYPE, type));
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      send(
          exchange,
          response.statusCode(),
          response.headers().firstValue(TYPE).orElse("application/json"),
          response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set(TYPE, type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() throws IOException {
    refuse();
    workers.shutdownNow();
  }
}
