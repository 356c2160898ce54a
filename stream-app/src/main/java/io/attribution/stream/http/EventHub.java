package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.attribution.stream.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sends every event to every client. An event is written once, however many clients there are. */
final class EventHub implements AutoCloseable {
  /** Each occupies a thread of the server while it is connected. */
  static final int MAX_CLIENTS = 64;

  private static final int EVENTS_PER_CLIENT = 64;

  /** Events of wide embeddings are large. */
  private static final long BYTES_PER_CLIENT = 8 << 20;

  private final Set<EventQueue> clients = ConcurrentHashMap.newKeySet();
  private boolean closed;

  /** A queue for a new client; empty when there are too many clients, or when this is closed. */
  synchronized Optional<EventQueue> subscribe() {
    if (closed || clients.size() >= MAX_CLIENTS) {
      return Optional.empty();
    }
    EventQueue queue = new EventQueue(EVENTS_PER_CLIENT, BYTES_PER_CLIENT);
    clients.add(queue);
    return Optional.of(queue);
  }

  void unsubscribe(EventQueue queue) {
    queue.close();
    clients.remove(queue);
  }

  boolean isEmpty() {
    return clients.isEmpty();
  }

  void publish(String name, JsonNode data) {
    if (!clients.isEmpty()) {
      byte[] event = event(name, data);
      clients.forEach(client -> client.add(event));
    }
  }

  /** One event as it is sent; a JSON document has no line breaks of its own. */
  static byte[] event(String name, JsonNode data) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    event.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.UTF_8));
    event.writeBytes(Json.bytes(data));
    event.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
    return event.toByteArray();
  }

  @Override
  public synchronized void close() {
    closed = true;
    clients.forEach(EventQueue::close);
    clients.clear();
  }
}
