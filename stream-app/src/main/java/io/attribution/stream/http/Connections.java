package io.attribution.stream.http;

import io.attribution.stream.logging.SparseLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the connections of a client, and the time between requests. Jetty's idle timeout begins
 * anew with every byte, so a client that sends the head of a request, or of a TLS handshake, byte
 * by byte would keep its connection for ever.
 */
final class Connections extends Handler.Wrapper implements Connection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final ClientShares shares;
  private final long headNanos;
  private final Map<EndPoint, Open> all = new ConcurrentHashMap<>();
  private final SparseLog refused = SparseLog.onceAMinute(LOG::warn);

  /**
   * @param capacity of all clients together; one gets at most half
   * @param head from the opening of a connection, or the end of its last response, to the end of
   *     the next request's head
   */
  Connections(int capacity, Duration head) {
    this.shares = new ClientShares(capacity);
    this.headNanos = head.toNanos();
  }

  /** An open connection. */
  private static final class Open {
    private final ClientShares.Share share;
    private volatile boolean isServing;
    private volatile long waitingSince = System.nanoTime();

    Open(ClientShares.Share share) {
      this.share = share;
    }

    void began() {
      isServing = true;
    }

    void ended() {
      waitingSince = System.nanoTime();
      isServing = false;
    }
  }

  /** The connection of the socket: TLS is a connection on top of another. */
  static EndPoint socket(EndPoint endPoint) {
    return endPoint instanceof EndPoint.Wrapper tls ? socket(tls.unwrap()) : endPoint;
  }

  @Override
  public void onOpened(Connection connection) {
    EndPoint socket = socket(connection.getEndPoint());
    if (all.containsKey(socket)) {
      return;
    }
    String client = ClientShares.client(socket.getRemoteSocketAddress());
    Optional<ClientShares.Share> share = shares.take(client, 1);
    if (share.isEmpty()) {
      refused.say("too many connections: closed one from " + socket.getRemoteSocketAddress());
      socket.close();
      return;
    }
    all.put(socket, new Open(share.get()));
  }

  @Override
  public void onClosed(Connection connection) {
    Open open = all.remove(socket(connection.getEndPoint()));
    if (open != null) {
      open.share.release();
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Open open = all.get(socket(request.getConnectionMetaData().getConnection().getEndPoint()));
    if (open != null) {
      open.began();
      Request.addCompletionListener(request, failure -> open.ended());
    }
    Writes writes = new Writes(request, response);
    return super.handle(request, writes, writes.completing(callback));
  }

  /**
   * Fails a request whose response could not be written. Jetty 12.1 otherwise waits for the end of
   * the write, and the request, with all that it holds, never ends.
   */
  private static final class Writes extends Response.Wrapper {
    private volatile @Nullable Throwable failure;

    Writes(Request request, Response response) {
      super(request, response);
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
      super.write(
          last,
          content,
          Callback.from(
              callback.getInvocationType(), callback::succeeded, cause -> fail(cause, callback)));
    }

    private void fail(Throwable cause, Callback callback) {
      failure = cause;
      callback.failed(cause);
    }

    Callback completing(Callback callback) {
      return Callback.from(
          callback.getInvocationType(), () -> complete(callback), callback::failed);
    }

    private void complete(Callback callback) {
      Throwable cause = failure;
      if (cause == null) {
        callback.succeeded();
      } else {
        callback.failed(cause);
      }
    }
  }

  /** Closes connections whose next request is overdue; to be called every second. */
  void closeOverdue() {
    long now = System.nanoTime();
    all.forEach(
        (socket, open) -> {
          if (!open.isServing && now - open.waitingSince > headNanos) {
            socket.close();
          }
        });
  }
}
