package io.attribution.stream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.config.HttpConfig.TlsFiles;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** TLS and tokens, with the JDK's own client over real sockets. */
@Timeout(120)
class AccessTest {
  private static final String READ = "read-0123456789abcdef";
  private static final String EXPLAIN = "explain-0123456789abcdef";
  private static final String OPERATE = "operate-0123456789abcdef";
  private static final String EXPLAIN_ROUTE = "/api/v1/explain";

  @TempDir private static Path keys;
  private static Certificates.Pair first;

  @TempDir private Path folder;
  private Certificates.Pair pair;
  private TestServer server;

  @BeforeAll
  static void create() throws Exception {
    first = Certificates.create(keys, "EC");
  }

  @BeforeEach
  void start() throws Exception {
    pair = first;
    pair.write(file("tls.crt"), file("tls.key"));
    Files.writeString(file("read"), READ + "\n\n" + READ + "2\n");
    Files.writeString(file("explain"), EXPLAIN);
    Files.writeString(file("operate"), OPERATE + "\r\n");
    server = new TestServer(security(), TestServer.USUAL);
  }

  private HttpConfig.Security security() {
    return new HttpConfig.Security(
        Optional.of(new TlsFiles(file("tls.crt"), file("tls.key"))),
        Optional.of(file("read")),
        Optional.of(file("explain")),
        Optional.of(file("operate")),
        false);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, 200, 403, 403",
    "GET, /api/v1/models, 200, 403, 403",
    "HEAD, /api/v1/models, 200, 403, 403",
    "GET, /api/v1/operations, 200, 403, 403",
    "GET, /openapi.json, 200, 403, 403",
    "GET, /webjars/echarts/echarts.min.js, 200, 403, 403",
    "GET, /metrics, 403, 403, 200",
    "GET, /metrics/, 403, 403, 200",
    "HEAD, /metrics, 403, 403, 200",
    "POST, /api/v1/explain, 403, 200, 403",
    "GET, /health/live, 200, 200, 200",
    "GET, /health/ready, 200, 200, 200",
  })
  void letsATokenDoOneThing(String method, String path, int reader, int caller, int operator)
      throws Exception {
    assertThat(send(method, path, bearer(READ)).statusCode()).isEqualTo(reader);
    assertThat(send(method, path, bearer(EXPLAIN)).statusCode()).isEqualTo(caller);
    assertThat(send(method, path, bearer(OPERATE)).statusCode()).isEqualTo(operator);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/v1/models",
        "/api/v1/explain",
        "/api/v1/stream",
        "/metrics",
        "/openapi.json",
        "/nothing",
        "/app.js",
        "/health",
        "/health/live/",
        "/HEALTH/LIVE"
      })
  void asksStrangersForATokenWhereverTheyKnock(String path) throws Exception {
    HttpResponse<String> response = send("GET", path, "");

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().allValues("WWW-Authenticate"))
        .anyMatch(challenge -> challenge.startsWith("Basic "))
        .anyMatch(challenge -> challenge.startsWith("Bearer "));
    assertThat(response.body()).startsWith("{\"error\":\"a valid token is needed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer wrong",
        "Bearer read-0123456789abcde",
        "Bearer read-0123456789abcdef3",
        "Bearer",
        "Bearer ",
        "Basic",
        "Basic ?",
        "Basic cmVhZC0wMTIzNDU2Nzg5YWJjZGVm",
        "Digest read-0123456789abcdef",
        "read-0123456789abcdef"
      })
  void knowsOnlyItsTokens(String authorization) throws Exception {
    assertThat(send("GET", "/api/v1/models", authorization).statusCode()).isEqualTo(401);
  }

  @Test
  void takesATokenAsThePasswordOfAnyUser() throws Exception {
    assertThat(send("GET", "/", basic("anna", READ)).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/", basic("", READ + "2")).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/", "bearer  " + READ).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/", basic(READ, "")).statusCode()).isEqualTo(401);
  }

  @Test
  void readsItsTokensAgainWhenTheyChange() throws Exception {
    String fresh = "another-0123456789abcdef";
    Files.writeString(file("read"), fresh);

    awaitStatus(bearer(fresh), 200);
    assertThat(send("GET", "/", bearer(READ)).statusCode()).isEqualTo(401);

    Files.writeString(file("read"), "");
    Thread.sleep(6000);
    assertThat(send("GET", "/", bearer(fresh)).statusCode()).isEqualTo(200);
  }

  @Test
  void takesANewCertificateWhenItsFilesChange() throws Exception {
    Certificates.Pair fresh = Certificates.create(folder, "RSA");
    Files.writeString(file("tls.crt"), fresh.certificatePem());
    Thread.sleep(6000);
    // Half of it: the earlier one stays.
    assertThat(send("GET", "/", bearer(READ)).statusCode()).isEqualTo(200);

    Files.writeString(file("tls.key"), fresh.keyPem());
    pair = fresh;
    awaitStatus(bearer(READ), 200);
  }

  private void awaitStatus(String authorization, int status) throws Exception {
    int last = 0;
    while (last != status) {
      Thread.sleep(100);
      try {
        last = send("GET", "/", authorization).statusCode();
      } catch (SSLHandshakeException notYet) {
        last = 0;
      }
    }
  }

  @Test
  void speaksNothingBeforeTls() throws Exception {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.server().address().getPort())) {
      TestServer.send(socket, "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertThat(TestServer.read(socket)).doesNotContain("HTTP/1.1 200").doesNotContain("sum");
    }
    assertThat(server.server().address().getScheme()).isEqualTo("https");
  }

  @Test
  void saysNoToken() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    try {
      Files.writeString(file("read"), "secret!");

      assertThatThrownBy(() -> new Tokens(security()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("http.tokens.read.file: line 1 of")
          .hasMessageContaining("16 to 512")
          .hasMessageNotContaining("secret");
      while (log.list.isEmpty()) {
        Thread.sleep(100);
      }
      assertThat(log.list.get(0).getFormattedMessage())
          .contains("line 1 of", "the earlier tokens stay valid")
          .doesNotContain("secret");
    } finally {
      root.detachAppender(log);
    }
  }

  @Test
  void saysWhatIsWrongWithItsFiles() throws Exception {
    Path nothing = file("nothing");
    assertThatThrownBy(() -> new Tls(nothing, file("tls.key")))
        .hasMessage("http.tls.certificate.file: " + nothing + " is not there");
    assertThatThrownBy(() -> new Tls(folder, file("tls.key")))
        .hasMessageContaining("no regular file");
    assertThatThrownBy(() -> new Tls(file("tls.crt"), file("read")))
        .hasMessageContaining("http.tls.key.file")
        .hasMessageContaining("no private key");
    assertThatThrownBy(() -> new Tls(file("tls.key"), file("tls.key")))
        .hasMessageContaining("no certificate");
    Files.writeString(file("other.key"), Certificates.create(folder, "RSA").keyPem());
    assertThatThrownBy(() -> new Tls(file("tls.crt"), file("other.key")))
        .hasMessageContaining("is not the key of the first certificate");
    Files.writeString(file("empty"), "\n");
    assertThatThrownBy(
            () ->
                new Tokens(
                    new HttpConfig.Security(
                        Optional.empty(),
                        Optional.of(file("empty")),
                        Optional.empty(),
                        Optional.empty(),
                        false)))
        .hasMessageContaining("has no token");
  }

  /** As cert-manager and openssl write them. */
  @Test
  void readsTheOlderKeysToo() throws Exception {
    Certificates.Pair rsa = Certificates.create(folder, "RSA");
    byte[] pkcs8 = rsa.key().getEncoded();
    // After: sequence, version 0, algorithm of 15 bytes, octets.
    String pkcs1 = Certificates.pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
    assertThat(PemKey.read("k", folder, pkcs1)).isEqualTo(rsa.key());

    ECPrivateKey ec = (ECPrivateKey) pair.key();
    // Below and above 128 bytes, from where on DER writes lengths differently.
    for (int publicBytes : new int[] {0, 97}) {
      String pem = Certificates.pem("EC PRIVATE KEY", sec1(ec, publicBytes));
      assertThat(((ECPrivateKey) PemKey.read("k", folder, pem)).getS()).isEqualTo(ec.getS());
    }

    Certificates.Pair edwards = Certificates.create(folder, "Ed25519");
    assertThat(PemKey.read("k", folder, edwards.keyPem())).isEqualTo(edwards.key());
    assertThatThrownBy(
            () -> PemKey.read("k", folder, Certificates.pem("PRIVATE KEY", new byte[] {1, 2})))
        .hasMessageContaining("is no RSA, EC or Ed25519 key");
    assertThatThrownBy(
            () ->
                PemKey.read("k", folder, Certificates.pem("ENCRYPTED PRIVATE KEY", new byte[] {1})))
        .hasMessageContaining("has a password");
  }

  /**
   * sequence, version 1, the key in as many bytes as the order, the curve in [0], and in [1] the
   * public key, which nobody reads.
   */
  private static byte[] sec1(ECPrivateKey key, int publicBytes) {
    int size = (key.getParams().getOrder().bitLength() + 7) / 8;
    byte[] scalar = key.getS().toByteArray();
    byte[] curve = curve(key.getEncoded());
    ByteBuffer content = ByteBuffer.allocate(256);
    content.put(new byte[] {2, 1, 1, 4, (byte) size});
    // Without the sign, and with the zeros in front that a number has not.
    int length = Math.min(size, scalar.length);
    content.put(new byte[size - length]).put(scalar, scalar.length - length, length);
    content.put(new byte[] {(byte) 0xA0, (byte) curve.length}).put(curve);
    if (publicBytes > 0) {
      content.put(new byte[] {(byte) 0xA1, (byte) (publicBytes + 3), 3, (byte) (publicBytes + 1)});
      content.put(new byte[publicBytes + 1]);
    }
    byte[] bytes = Arrays.copyOf(content.array(), content.position());
    byte[] head =
        bytes.length < 128
            ? new byte[] {0x30, (byte) bytes.length}
            : new byte[] {0x30, (byte) 0x81, (byte) bytes.length};
    return ByteBuffer.allocate(head.length + bytes.length).put(head).put(bytes).array();
  }

  /** The second identifier: after that of ecPublicKey, which has 9 bytes. */
  private static byte[] curve(byte[] pkcs8) {
    for (int i = 0; i < pkcs8.length; i++) {
      if (pkcs8[i] == 6 && pkcs8[i + 1] == 7) {
        int start = i + 9;
        return Arrays.copyOfRange(pkcs8, start, start + 2 + pkcs8[start + 1]);
      }
    }
    throw new AssertionError("no identifier");
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static String bearer(String token) {
    return "Bearer " + token;
  }

  private static String basic(String user, String password) {
    String credentials = user + ":" + password;
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> send(String method, String path, String authorization)
      throws Exception {
    HttpClient client =
        HttpClient.newBuilder().sslContext(Certificates.trusting(pair.certificate())).build();
    boolean isPost = path.equals(EXPLAIN_ROUTE) && method.equals("POST");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.server().address() + path))
            .method(
                method,
                isPost ? BodyPublishers.ofString("{\"rows\":[[1,2]]}") : BodyPublishers.noBody());
    if (isPost) {
      request.header("Content-Type", "application/json");
    }
    List.of(authorization).stream()
        .filter(value -> !value.isEmpty())
        .forEach(value -> request.header("Authorization", value));
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
