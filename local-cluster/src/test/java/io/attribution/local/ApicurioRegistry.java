package io.attribution.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A real Schema Registry that is not Confluent's: Apicurio Registry in a process of its own, on
 * 127.0.0.1, with its schemas in memory. The build unpacks it beside this class.
 */
public final class ApicurioRegistry implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final String HOST = "127.0.0.1";
  private static final String CERTIFICATE = "apicurio";

  private final int port = FreePort.find();
  private final HttpClient http;
  private final Optional<TestAuthority> tls;
  private final Storage storage = new Storage.Temporary();
  private final Path directory;
  private final Process process;
  private final Thread reaper;

  private ApicurioRegistry(Path home, Optional<TestAuthority> tls) throws IOException {
    this.tls = tls;
    this.http =
        tls.map(authority -> authority.context(CERTIFICATE))
            .map(context -> HttpClient.newBuilder().sslContext(context).build())
            .orElseGet(HttpClient::newHttpClient);
    directory = storage.open();
    process = launch(home);
    reaper = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(reaper);
  }

  /**
   * Starts the registry with compatibility BACKWARD, and returns when it answers.
   *
   * @throws IllegalStateException where it is not unpacked, ends, or does not answer within 90 s
   */
  public static ApicurioRegistry start() {
    return start(Optional.empty());
  }

  /** {@link #start()} over https, with the authority's certificate for "apicurio". */
  public static ApicurioRegistry startWithTls(TestAuthority authority) {
    return start(Optional.of(authority));
  }

  private static ApicurioRegistry start(Optional<TestAuthority> tls) {
    try {
      ApicurioRegistry registry = new ApicurioRegistry(home(), tls);
      registry.awaitAnswer();
      registry.setBackward();
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while Apicurio started", e);
    }
  }

  /** The value of {@code schema.registry.url}. */
  public String url() {
    return (tls.isPresent() ? "https://" : "http://") + HOST + ":" + port + "/apis/ccompat/v7";
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    Runtime.getRuntime().removeShutdownHook(reaper);
    try {
      storage.release(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The folder {@code apicurio} in the build directory that this class was compiled or packed to.
   */
  private static Path home() {
    try {
      URI code = ApicurioRegistry.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Path.of(code).resolveSibling("apicurio");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path program(Path home) throws IOException {
    if (!Files.isDirectory(home)) {
      throw new IllegalStateException("Apicurio is not unpacked in " + home);
    }
    try (var files = Files.newDirectoryStream(home, "*-runner.jar")) {
      return files.iterator().next();
    }
  }

  private Process launch(Path home) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + directory,
            "-Dquarkus.http.host=" + HOST,
            (tls.isPresent() ? "-Dquarkus.http.ssl-port=" : "-Dquarkus.http.port=") + port,
            "-Dquarkus.management.host=" + HOST,
            "-Dquarkus.management.port=" + FreePort.find()));
    tls.ifPresent(authority -> command.addAll(tlsOptions(authority)));
    command.addAll(List.of("-jar", program(home).toString()));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log().toFile())
        .start();
  }

  private static List<String> tlsOptions(TestAuthority authority) {
    return List.of(
        "-Dquarkus.http.insecure-requests=disabled",
        "-Dquarkus.http.ssl.certificate.key-store-file=" + authority.keystore(CERTIFICATE),
        "-Dquarkus.http.ssl.certificate.key-store-file-type=PKCS12",
        "-Dquarkus.http.ssl.certificate.key-store-password=" + TestAuthority.PASSWORD);
  }

  private Path log() {
    return directory.resolve("apicurio.log");
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    Instant limit = Instant.now().plus(START_LIMIT);
    while (!answers()) {
      if (!process.isAlive() || Instant.now().isAfter(limit)) {
        String said = Files.readString(log());
        close();
        throw new IllegalStateException("Apicurio does not answer; it said:\n" + said);
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      return status(request("/subjects").GET().build()) == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private void setBackward() throws IOException, InterruptedException {
    String level = "{\"compatibility\":\"BACKWARD\"}";
    int status = status(request("/config").PUT(BodyPublishers.ofString(level)).build());
    if (status != 200) {
      throw new IllegalStateException("Apicurio refuses compatibility BACKWARD: " + status);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path))
        .header("Content-Type", "application/vnd.schemaregistry.v1+json");
  }

  private int status(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }
}
