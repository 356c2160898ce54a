package io.attribution.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The way from the application to the registry. While it {@linkplain RegistryMode disturbs}, the
 * registry itself can be used directly.
 */
public final class RegistryProxy implements AutoCloseable {
  private static final String JSON = "application/vnd.schemaregistry.v1+json";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final String registryUrl;
  private final int port = FreePort.find();
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final ExecutorService workers = Executors.newCachedThreadPool(RegistryProxy::daemon);
  private volatile RegistryMode mode = RegistryMode.DOWN;
  private volatile CountDownLatch hanging = new CountDownLatch(1);
  private @Nullable HttpServer server;

  private RegistryProxy(String registryUrl) {
    this.registryUrl = registryUrl;
  }

  /** Starts to pass on what it receives. */
  public static RegistryProxy start(String registryUrl) throws IOException {
    RegistryProxy proxy = new RegistryProxy(registryUrl);
    proxy.set(RegistryMode.OK);
    return proxy;
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Changes the mode. Requests that hang lose their connection then, as in a restart. */
  public synchronized void set(RegistryMode next) throws IOException {
    mode = next;
    hanging.countDown();
    hanging = new CountDownLatch(1);
    if (server != null) {
      // Ends the open connections: a client's pool would not see that the port refuses.
      server.stop(0);
      server = null;
    }
    if (next != RegistryMode.DOWN) {
      server = listen();
    }
  }

  private HttpServer listen() throws IOException {
    HttpServer listening =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    listening.createContext("/", this::answer);
    listening.setExecutor(workers);
    listening.start();
    return listening;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (mode) {
        case OK -> forward(exchange);
        case HANGING, DOWN -> hanging.await();
        case ERROR_500 ->
            reply(exchange, 500, JSON, "{\"error_code\":50001,\"message\":\"store is down\"}");
        case UNAUTHORIZED ->
            reply(exchange, 401, JSON, "{\"error_code\":401,\"message\":\"Unauthorized\"}");
        case HTML -> reply(exchange, 200, "text/html", "<html><body>Please log in</body></html>");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward(HttpExchange exchange) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(registryUrl + exchange.getRequestURI()))
            .timeout(TIMEOUT)
            .header("Content-Type", JSON)
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    reply(exchange, response.statusCode(), JSON, response.body());
  }

  private static void reply(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "registry-proxy");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() throws IOException {
    set(RegistryMode.DOWN);
    workers.shutdownNow();
  }
}
