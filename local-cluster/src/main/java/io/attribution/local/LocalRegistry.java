package io.attribution.local;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A Schema Registry in this process, on 127.0.0.1: the part of Confluent's REST API that Avro
 * clients use, over Confluent's own in-memory implementation of ids, versions and compatibility.
 * Its schemas live as long as the object, also while it is stopped. For demos and tests: schemas
 * are in memory.
 */
public final class LocalRegistry implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  static {
    // JDK 17 sends head and body apart: the body would wait 40 ms for the head's delayed ACK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final int port;
  private final RegistryOptions options;
  private final RegistryHandler handler =
      new RegistryHandler(new RegistryRoutes(new MockSchemaRegistryClient()).all());
  private final ExecutorService workers = Executors.newCachedThreadPool(LocalRegistry::daemon);
  private @Nullable HttpServer server;

  private LocalRegistry(RegistryOptions options) {
    this.port = options.port() == 0 ? FreePort.find() : options.port();
    this.options = options;
  }

  /** {@link #start(int)} on a free port. */
  public static LocalRegistry start() {
    return start(0);
  }

  /**
   * Starts an empty registry, with compatibility BACKWARD.
   *
   * @param port 0 picks a free one
   * @throws UncheckedIOException where the port is taken
   */
  public static LocalRegistry start(int port) {
    return start(RegistryOptions.DEFAULTS.withPort(port));
  }

  /**
   * Starts an empty registry, with compatibility BACKWARD.
   *
   * @throws UncheckedIOException where the port is taken
   */
  public static LocalRegistry start(RegistryOptions options) {
    LocalRegistry registry = new LocalRegistry(options);
    registry.startAgain();
    return registry;
  }

  /** The value of {@code schema.registry.url}; a restart does not change it. */
  public String url() {
    return (options.tls().isPresent() ? "https://" : "http://") + HOST + ":" + port;
  }

  /** Answers every request with 503 until {@link #resume()}. */
  public void pause() {
    handler.pause();
  }

  /** Ends {@link #pause()}. */
  public void resume() {
    handler.resume();
  }

  /** Refuses connections and keeps the schemas; does nothing when stopped. */
  public void stop() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  /**
   * Serves again on the same port; does nothing when running.
   *
   * @throws UncheckedIOException where the port is taken
   */
  public void startAgain() {
    if (server == null) {
      server = listen();
    }
  }

  @Override
  public void close() {
    stop();
    workers.shutdownNow();
  }

  private HttpServer listen() {
    try {
      HttpServer listening = create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      HttpContext context = listening.createContext("/", handler);
      options.authenticator().ifPresent(context::setAuthenticator);
      listening.setExecutor(workers);
      listening.start();
      return listening;
    } catch (IOException e) {
      throw new UncheckedIOException("No registry on port " + port, e);
    }
  }

  private HttpServer create(InetSocketAddress address) throws IOException {
    if (options.tls().isEmpty()) {
      return HttpServer.create(address, 0);
    }
    HttpsServer secure = HttpsServer.create(address, 0);
    secure.setHttpsConfigurator(
        new HttpsConfigurator(options.tls().get()) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters tls = getSSLContext().getDefaultSSLParameters();
            tls.setNeedClientAuth(options.needsClientCertificate());
            parameters.setSSLParameters(tls);
          }
        });
    return secure;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "local-registry");
    thread.setDaemon(true);
    return thread;
  }
}
