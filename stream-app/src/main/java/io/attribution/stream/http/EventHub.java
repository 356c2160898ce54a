package io.attribution.stream.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Hands every event to every client. An event is written once, however many there are. */
final class EventHub implements AutoCloseable {
  /** Each holds a thread of the server while it is connected. */
  static final int MAX_CLIENTS = 64;

  private static final int EVENTS_PER_CLIENT = 64;

  /** Events of wide embeddings are large. */
  private static final long BYTES_PER_CLIENT = 8 << 20;

  private final Set<EventQueue> clients = ConcurrentHashMap.newKeySet();
  private boolean closed;

  /** A queue for a new client; nothing when there are too many, or no server any more. */
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

  void publish(String name, JsonBody data) {
    if (!clients.isEmpty()) {
      byte[] event = event(name, data);
      clients.forEach(client -> client.add(event));
    }
  }

  /** One event as it goes over the wire; JSON has no line breaks of its own. */
  static byte[] event(String name, JsonBody data) {
    return ("event: "
            + name
            + "\ndata: "
            + new String(data.bytes(), StandardCharsets.UTF_8)
            + "\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void close() {
    closed = true;
    clients.forEach(EventQueue::close);
    clients.clear();
  }
}
