package io.attribution.stream.http;

import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.logging.SparseLog;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.staticfiles.Location;
import io.javalin.util.JavalinBindException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dashboard, API, health and metrics over HTTP. */
public final class WebServer implements AutoCloseable {
  private static final int NO_CONTENT = 204;

  /** For requests; clients of events occupy threads of their own. */
  private static final int REQUEST_THREADS = 32;

  /** Of all clients together; one gets half. */
  private static final int CONNECTIONS = 1024;

  private static final long SWEEP_MILLIS = 1_000;
  private static final long REFRESH_MILLIS = 5_000;
  private static final long STOP_MILLIS = 5_000;
  private static final long IDLE_STOP_MILLIS = 50;
  private static final String POLICY =
      "default-src 'self'; img-src 'self' data:; object-src"
          + " 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final SparseLog FAILURES = SparseLog.onceAMinute(LOG::warn);

  private final HttpConfig config;
  private final EventHub hub = new EventHub();
  private final Broadcaster broadcaster;
  private final List<Route> routes;
  private final Connections connections;
  private final Tokens tokens;
  private final Optional<Tls> tls;
  private final Listener listener;
  private final Javalin javalin;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "http-timer");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * How long clients may take.
   *
   * @param head for a connection's next request, until its head has come
   * @param idle without a byte in either direction
   * @param body of a request
   * @param explanation how long a client waits for an explanation
   */
  record Timeouts(Duration head, Duration idle, IncomingBody.Pace body, Duration explanation) {
    static final Timeouts USUAL =
        new Timeouts(
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            new IncomingBody.Pace(Duration.ofSeconds(10), 1024, Duration.ofMinutes(2)),
            Duration.ofSeconds(30));
  }

  /**
   * Not listening before {@link #start}.
   *
   * @throws ConfigException when a file of TLS or of tokens is not valid
   */
  public WebServer(HttpConfig config, WebServices services) {
    this(config, services, Timeouts.USUAL);
  }

  WebServer(HttpConfig config, WebServices services, Timeouts timeouts) {
    this.config = config;
    this.connections = new Connections(CONNECTIONS, timeouts.head());
    this.tokens = new Tokens(config.security());
    this.tls = config.security().tls().map(files -> new Tls(files.certificate(), files.key()));
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
            services,
            operations,
            hub,
            new Routes.RouteLimits(
                config.maxRows(),
                timeouts.body(),
                new AsyncResponses(threads, timeouts.explanation())));
    this.listener = new Listener(config, tls, connections, timeouts.idle());
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
    javalin.jetty.threadPool = threads;
    javalin.jetty.modifyServer(this::prepare);
    javalin.jetty.modifyServletContextHandler(
        context -> context.setErrorHandler(new JsonErrorHandler()));
    javalin.jetty.addConnector(listener::connector);
    // Every step has a timeout of its own, whose response says more.
    javalin.http.asyncTimeout = 0;
    javalin.http.prefer405over404 = true;
    javalin.http.compressionStrategy = CompressionStrategy.NONE;
    addPages(javalin);
    addRoutes(javalin.routes);
    ErrorResponses.map(javalin);
  }

  private static void addPages(JavalinConfig javalin) {
    if (Assets.hasDashboard()) {
      javalin.staticFiles.add(
          files -> {
            files.hostedPath = "/";
            files.directory = Assets.DASHBOARD;
            files.location = Location.CLASSPATH;
            // Revalidated each time: a new version of the application has new pages.
            files.headers = Map.of("Cache-Control", "no-cache");
          });
    }
  }

  private void addRoutes(RoutesConfig javalin) {
    Gate gate = new Gate(tokens, openPaths());
    javalin.before(WebServer::protect);
    javalin.before(new BrowserGuard(config));
    javalin.before(gate);
    javalin.after(Responses::send);
    Contract contract = new Contract();
    addGet(
        javalin,
        Assets.ECHARTS,
        context -> {
          gate.require(context, Access.READ);
          Assets.echarts(context);
        });
    for (Route route : routes) {
      Set<String> parameters = contract.parameters(route);
      Handler handler =
          context -> {
            gate.require(context, route.access());
            Contract.require(context, parameters);
            route.handler().handle(context);
          };
      if (route.method().equals(HandlerType.GET)) {
        addGet(javalin, route.path(), handler);
      } else {
        javalin.addHttpHandler(route.method(), route.path(), handler);
        javalin.options(route.path(), context -> allow(context, route.method() + ", OPTIONS"));
      }
    }
  }

  /** HEAD is answered as GET, without the body. */
  private static void addGet(RoutesConfig javalin, String path, Handler handler) {
    javalin.get(path, handler);
    javalin.head(path, handler);
    javalin.options(path, context -> allow(context, "GET, HEAD, OPTIONS"));
  }

  private static void allow(Context context, String methods) {
    context.header("Allow", methods).status(NO_CONTENT);
  }

  private Set<String> openPaths() {
    return routes.stream()
        .filter(route -> route.access() == Access.OPEN)
        .map(Route::path)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Responses that are being written are completed before the server stops. */
  private void prepare(Server server) {
    server.setErrorHandler(new JsonErrorHandler());
    connections.setHandler(new GracefulHandler());
    server.setHandler(connections);
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
    repeat(Broadcaster.TICK_MILLIS, broadcaster::tick);
    repeat(SWEEP_MILLIS, connections::closeOverdue);
    repeat(REFRESH_MILLIS, tokens::refresh);
    tls.ifPresent(files -> repeat(REFRESH_MILLIS, files::refresh));
    return this;
  }

  private void repeat(long millis, Runnable task) {
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (RuntimeException | Error e) {
                // A timer does not repeat a task that threw.
                FAILURES.say("the HTTP server's timer: " + e);
              }
            },
            millis,
            millis,
            TimeUnit.MILLISECONDS);
  }

  /** Idle connections would delay the shutdown by a second. */
  private void doNotWaitForIdleClients() {
    for (Connector connector : javalin.jettyServer().server().getConnectors()) {
      if (connector instanceof AbstractConnector idling) {
        idling.setShutdownIdleTimeout(IDLE_STOP_MILLIS);
      }
    }
  }

  /** A warning where other machines can reach a server that lacks TLS or tokens. */
  static Optional<String> warning(HttpConfig config, URI address) {
    if (config.isLoopback()) {
      return Optional.empty();
    }
    return config
        .security()
        .lacks()
        .map(
            lacks ->
                "%s = %s: there is no %s; %s"
                    .formatted(HttpConfig.HOST, config.host(), lacks, risk(config, address)));
  }

  private static String risk(HttpConfig config, URI address) {
    return config.security().hasTokens()
        ? "whoever sees the traffic of " + address + " reads tokens and explanations"
        : "whoever reaches " + address + " reads explanations and the raw features of records";
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
    return URI.create((tls.isPresent() ? "https://" : "http://") + host + ":" + javalin.port());
  }

  /**
   * Stops the events, then the server. The explain queue must be closed before: it answers those
   * who wait.
   */
  @Override
  public void close() {
    timer.shutdownNow();
    hub.close();
    javalin.stop();
  }
}
