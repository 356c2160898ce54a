package io.attribution.stream.http;

import io.javalin.http.Context;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Request;

/**
 * Divides a capacity among clients: one address gets at most half of it, so that it cannot keep all
 * others out. Thread-safe.
 */
final class ClientShares {
  /** Providers give a whole network of this many bytes to each of their customers. */
  private static final int IPV6_NETWORK_BYTES = 8;

  private final long capacity;
  private final Map<String, Long> taken = new HashMap<>();
  private long total;

  ClientShares(long capacity) {
    this.capacity = capacity;
  }

  /** The client of a connection: its address, or the network of an IPv6 address. */
  static String client(SocketAddress address) {
    if (!(address instanceof InetSocketAddress internet)) {
      return address.toString();
    }
    InetAddress ip = internet.getAddress();
    return ip instanceof Inet6Address
        ? Arrays.toString(Arrays.copyOf(ip.getAddress(), IPV6_NETWORK_BYTES))
        : ip.getHostAddress();
  }

  /** The most that one client gets. */
  long limit() {
    return Math.max(1, capacity / 2);
  }

  /** An empty share of a request's client, which is released when the request has ended. */
  Share open(Context context) {
    Share share = new Share(Requests.client(context));
    Request.addCompletionListener(Requests.of(context), failure -> share.release());
    return share;
  }

  /** A share of the client's; empty when it would have too much, or too little is left. */
  Optional<Share> take(String client, long amount) {
    Share share = new Share(client);
    return share.grow(amount) ? Optional.of(share) : Optional.empty();
  }

  /** What one request or connection of a client holds. */
  final class Share {
    private final String client;
    private long held;
    private boolean isReleased;

    private Share(String client) {
      this.client = client;
    }

    /** Takes more, or nothing and returns false; nothing after a release. */
    boolean grow(long amount) {
      synchronized (ClientShares.this) {
        long own = taken.getOrDefault(client, 0L) + amount;
        if (isReleased || own > limit() || amount > capacity - total) {
          return false;
        }
        taken.put(client, own);
        total += amount;
        held += amount;
        return true;
      }
    }

    /** Gives everything back; a second call does nothing. */
    void release() {
      synchronized (ClientShares.this) {
        isReleased = true;
        long returned = held;
        held = 0;
        total -= returned;
        taken.computeIfPresent(client, (key, own) -> own > returned ? own - returned : null);
      }
    }
  }
}
