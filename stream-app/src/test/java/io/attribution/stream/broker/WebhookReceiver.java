package io.attribution.stream.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;

/** Who alerts are posted to: answers with the status that it is told, and remembers what came. */
final class WebhookReceiver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile IntSupplier status = () -> 200;

  /** One request and what it was answered. */
  record Request(int status, String type, String authorization, JsonNode event) {}

  WebhookReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/alerts", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/alerts";
  }

  /** From now on; asked once for each request. */
  void answerWith(IntSupplier next) {
    status = next;
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode event = JSON.readTree(exchange.getRequestBody());
    int code = status.getAsInt();
    requests.add(
        new Request(
            code,
            exchange.getRequestHeaders().getFirst("Content-Type"),
            exchange.getRequestHeaders().getFirst("Authorization"),
            event));
    exchange.sendResponseHeaders(code, -1);
    exchange.close();
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The messages of the alerts that were accepted, in the order of their coming. */
  List<String> accepted() {
    return requests.stream()
        .filter(request -> request.status() < 300)
        .map(request -> request.event().get("data").get("message").asText())
        .toList();
  }

  /** Waits until so many requests came, whatever they were answered. */
  void awaitRequests(int count, Duration timeout) throws InterruptedException {
    await(() -> requests.size() >= count, count + " requests", timeout);
  }

  void awaitAccepted(int count, Duration timeout) throws InterruptedException {
    await(() -> accepted().size() >= count, count + " accepted", timeout);
  }

  private void await(java.util.function.BooleanSupplier enough, String what, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!enough.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not " + what + " after " + timeout + ": " + requests);
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
