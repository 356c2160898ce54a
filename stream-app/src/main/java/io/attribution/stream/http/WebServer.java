package io.attribution.stream.http;

import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.HttpConfig;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.compression.Gzip;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.staticfiles.Location;
import io.javalin.util.JavalinBindException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dashboard, API, health and metrics over HTTP. */
public final class WebServer implements AutoCloseable {
  private static final String DASHBOARD = "/dashboard";
  private static final int GZIP_LEVEL = 4;

  /** For requests; clients of events occupy threads of their own. */
  private static final int REQUEST_THREADS = 32;

  /** How long a client waits for an explanation. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Longer than the timeout above, whose response says more. */
  private static final long ASYNC_MILLIS = TIMEOUT.toMillis() + 5_000;

  private static final long STOP_MILLIS = 5_000;
  private static final long IDLE_STOP_MILLIS = 50;
  private static final String POLICY =
      "default-src 'self'; img-src 'self' data:; object-src"
          + " 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

  private final HttpConfig config;
  private final EventHub hub = new EventHub();
  private final Broadcaster broadcaster;
  private final List<Route> routes;
  private final Javalin javalin;

  /** Not listening before {@link #start}. */
  public WebServer(HttpConfig config, WebServices services) {
    this(config, services, TIMEOUT);
  }

  WebServer(HttpConfig config, WebServices services, Duration timeout) {
    this.config = config;
    Operations operations =
        new Operations(
            services.health(),
            services.monitoring().stream(),
            services.live().alerts(),
            System::nanoTime);
    this.broadcaster = new Broadcaster(services.live(), operations, hub);
    QueuedThreadPool threads = threads();
    this.routes =
        Routes.of(
            services, operations, hub, config.maxRows(), new AsyncResponses(threads, timeout));
    this.javalin = Javalin.create(javalin -> configure(javalin, threads));
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(REQUEST_THREADS + EventHub.MAX_CLIENTS, 4);
    threads.setName("http");
    threads.setDaemon(true);
    return threads;
  }

  private void configure(JavalinConfig javalin, QueuedThreadPool threads) {
    javalin.startup.showJavalinBanner = false;
    javalin.startup.showOldJavalinVersionWarning = false;
    javalin.startup.startupWatcherEnabled = false;
    javalin.jetty.host = config.host();
    javalin.jetty.port = config.port();
    javalin.jetty.threadPool = threads;
    javalin.jetty.modifyServer(WebServer::prepare);
    javalin.jetty.modifyServletContextHandler(
        context -> context.setErrorHandler(new JsonErrorHandler()));
    javalin.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    javalin.http.asyncTimeout = ASYNC_MILLIS;
    javalin.http.prefer405over404 = true;
    javalin.http.compressionStrategy = new CompressionStrategy(null, new Gzip(GZIP_LEVEL));
    if (WebServer.class.getResource(DASHBOARD + "/index.html") != null) {
      javalin.staticFiles.add(
          files -> {
            files.hostedPath = "/";
            files.directory = DASHBOARD;
            files.location = Location.CLASSPATH;
            // Revalidated each time: a new version of the application has new pages.
            files.headers = Map.of("Cache-Control", "no-cache");
          });
    }
    javalin.routes.before(WebServer::protect);
    javalin.routes.before(new BrowserGuard(config));
    javalin.routes.get(Assets.ECHARTS, Assets::echarts);
    for (Route route : routes) {
      javalin.routes.addHttpHandler(route.method(), route.path(), route.handler());
    }
    ErrorResponses.map(javalin.routes);
  }

  /** Responses that are being written are completed before the server stops. */
  private static void prepare(Server server) {
    server.setErrorHandler(new JsonErrorHandler());
    server.setHandler(new GracefulHandler());
    server.setStopTimeout(STOP_MILLIS);
  }

  /** Pages run only their own scripts, and cannot be embedded in others. */
  private static void protect(Context context) {
    context
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("X-Frame-Options", "DENY")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Resource-Policy", "same-origin")
        .header("Cache-Control", "no-store");
  }

  /** The operations of the API. */
  List<Route> routes() {
    return routes;
  }

  /**
   * Starts listening.
   *
   * @throws ConfigException when the port is taken, or the address is not this machine's
   */
  public WebServer start() {
    try {
      javalin.start();
    } catch (JavalinBindException e) {
      throw new ConfigException(cannotListen(e));
    }
    doNotWaitForIdleClients();
    warning(config, address()).ifPresent(LOG::warn);
    broadcaster.start();
    return this;
  }

  /** Idle connections would delay the shutdown by a second. */
  private void doNotWaitForIdleClients() {
    for (Connector connector : javalin.jettyServer().server().getConnectors()) {
      if (connector instanceof AbstractConnector idling) {
        idling.setShutdownIdleTimeout(IDLE_STOP_MILLIS);
      }
    }
  }

  /** A warning where other machines can reach the server; empty on a loopback address. */
  static Optional<String> warning(HttpConfig config, URI address) {
    return config.isLoopback()
        ? Optional.empty()
        : Optional.of(
            "%s = %s: there is no password; whoever reaches %s reads explanations and the raw features of records"
                .formatted(HttpConfig.HOST, config.host(), address));
  }

  private String cannotListen(JavalinBindException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = String.valueOf(cause.getMessage());
    if (cause instanceof UnresolvedAddressException
        || reason.contains("assign requested address")) {
      return "%s: %s is not an address of this machine".formatted(HttpConfig.HOST, config.host());
    }
    return "%s: cannot listen on %s:%d (%s); choose another port, 0 for any free port, or -1 for no server"
        .formatted(HttpConfig.PORT, config.host(), config.port(), reason);
  }

  /** The URL of the server. */
  public URI address() {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    return URI.create("http://" + host + ":" + javalin.port());
  }

  /**
   * Stops the events, then the server. The explain queue must be closed before: it answers those
   * who wait.
   */
  @Override
  public void close() {
    broadcaster.close();
    hub.close();
    javalin.stop();
  }
}
