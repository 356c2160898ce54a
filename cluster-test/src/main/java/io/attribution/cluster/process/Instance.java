package io.attribution.cluster.process;

import io.attribution.local.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** One process of {@code attribution run}, which can be started again. Not thread-safe. */
public final class Instance implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int READY = 200;
  private static final Path FULL = Path.of("/dev/full");

  private final Application application;
  private final String name;
  private final int port = FreePort.find();
  private final Path log;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private JavaProcess process;

  Instance(Application application, String name) throws IOException {
    this.application = application;
    this.name = name;
    this.log = application.directory().resolve(name + ".log");
    this.process = run(log);
  }

  public String name() {
    return name;
  }

  /** Starts it again, with the same state directory. */
  public void start() throws IOException {
    process = run(log);
  }

  /** Starts it again with a log that is a full disk: every write ends in ENOSPC. */
  public void startWithFullLog() throws IOException {
    process = run(FULL);
  }

  private JavaProcess run(Path output) throws IOException {
    Map<String, String> settings =
        Map.of(
            "http.port", String.valueOf(port),
            "state.dir", application.directory().resolve(name).toString());
    return application.run(name, settings, output);
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.kill();
  }

  /** SIGTERM. */
  public int stop() throws InterruptedException {
    return process.stop();
  }

  /** SIGSTOP. */
  public void pause() throws IOException, InterruptedException {
    process.pause();
  }

  /** SIGCONT. */
  public void resume() throws IOException, InterruptedException {
    process.resume();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What its readiness probe says; false where it does not answer within two seconds. */
  public boolean isReady() throws InterruptedException {
    URI probe = URI.create("http://127.0.0.1:" + port + "/health/ready");
    HttpRequest request = HttpRequest.newBuilder(probe).timeout(TIMEOUT).build();
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == READY;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.close();
  }

  /** How many lines it has logged, over all starts. */
  public long logLines() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.count();
    }
  }
}
