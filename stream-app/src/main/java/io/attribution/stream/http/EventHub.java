package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.attribution.stream.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Sends every event to every client. An event is written once, however many clients there are. */
final class EventHub implements AutoCloseable {
  /** Each occupies a thread of the server while it is connected. */
  static final int MAX_CLIENTS = 64;

  private static final int EVENTS_PER_CLIENT = 64;

  /** Events of wide embeddings are large. */
  private static final long BYTES_PER_CLIENT = 8 << 20;

  private final ClientShares shares = new ClientShares(MAX_CLIENTS);
  private final Map<EventQueue, ClientShares.Share> clients = new ConcurrentHashMap<>();
  private boolean closed;

  /**
   * A queue for a new client; empty when there are too many, in all or from one address, or when
   * this is closed.
   *
   * @param address as {@link ClientShares} tells clients apart
   */
  synchronized Optional<EventQueue> subscribe(String address) {
    return closed ? Optional.empty() : shares.take(address, 1).map(this::queue);
  }

  private EventQueue queue(ClientShares.Share share) {
    EventQueue queue = new EventQueue(EVENTS_PER_CLIENT, BYTES_PER_CLIENT);
    clients.put(queue, share);
    return queue;
  }

  void unsubscribe(EventQueue queue) {
    queue.close();
    ClientShares.Share share = clients.remove(queue);
    if (share != null) {
      share.release();
    }
  }

  boolean isEmpty() {
    return clients.isEmpty();
  }

  void publish(String name, JsonNode data) {
    if (!clients.isEmpty()) {
      byte[] event = event(name, data);
      clients.keySet().forEach(client -> client.add(event));
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
    List.copyOf(clients.keySet()).forEach(this::unsubscribe);
  }
}
