package io.attribution.stream.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import io.attribution.local.LocalRegistry;
import io.attribution.local.RegistryOptions;
import io.attribution.local.TestAuthority;
import io.attribution.stream.serde.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries over https, as users have them: with an authority of their own. */
class RegistryTlsTest {
  private static final String RIGHT = "registry";
  private static final String WRONG = "other";
  private static final String EXPIRED = "expired";
  private static final String CLIENT = "client";
  private static final String HOSTS = "dns:localhost,ip:127.0.0.1";

  @TempDir static Path directory;
  private static TestAuthority authority;
  private LocalRegistry registry;

  @BeforeAll
  static void issueCertificates() {
    authority =
        TestAuthority.in(directory)
            .issue(RIGHT, HOSTS)
            .issue(WRONG, "dns:other.example")
            .issueExpired(EXPIRED, HOSTS)
            .issue(CLIENT, "dns:client");
  }

  @AfterEach
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void acceptsTheCertificateOfItsHost() {
    start(tls(RIGHT));

    assertThat(register(trusting())).isEqualTo(1);
  }

  @Test
  void refusesTheCertificateOfAnotherHostBeforeAnyCredentialIsSent() {
    CountingAuthenticator seen = new CountingAuthenticator("Bearer secret");
    start(tls(WRONG).withAuthenticator(seen));
    Map<String, String> settings = trusting();
    settings.put("bearer.auth.credentials.source", "STATIC_TOKEN");
    settings.put("bearer.auth.token", "secret");

    assertThatThrownBy(() -> register(settings))
        .isInstanceOf(RegistryException.class)
        .hasMessageStartingWith("schema registry at https://127.0.0.1:")
        .hasMessageContaining("No subject alternative names matching IP address 127.0.0.1 found")
        .hasMessageEndingWith("the certificate is for another host");
    assertThat(seen.calls).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none"})
  void verifiesNoHostNameWhenToldSo(String algorithm) {
    start(tls(WRONG));
    Map<String, String> settings = trusting();
    settings.put("schema.registry.ssl.endpoint.identification.algorithm", algorithm);

    assertThat(register(settings)).isEqualTo(1);
  }

  /** Also an unknown algorithm must not switch verification off. */
  @ParameterizedTest
  @ValueSource(strings = {"https", "HTTPS", "httsp"})
  void verifiesWhateverElseIsSet(String algorithm) {
    start(tls(WRONG));
    Map<String, String> settings = trusting();
    settings.put("schema.registry.ssl.endpoint.identification.algorithm", algorithm);

    assertThatThrownBy(() -> register(settings)).hasMessageContaining("another host");
  }

  /** The first address fails over to the second, without a request. */
  @Test
  void verifiesEveryAddress() {
    CountingAuthenticator seen = new CountingAuthenticator("");
    start(tls(WRONG).withAuthenticator(seen));
    try (LocalRegistry right = LocalRegistry.start(tls(RIGHT))) {
      Map<String, String> settings = trusting();
      settings.put("schema.registry.url", registry.url() + "," + right.url());
      assertThat(register(settings)).isEqualTo(1);
      assertThat(seen.calls).hasValue(0);

      right.stop();
      settings.put("schema.registry.url", right.url() + "," + registry.url());
      assertThatThrownBy(() -> register(settings)).hasMessageContaining("another host");
      assertThat(seen.calls).hasValue(0);
    }
  }

  @Test
  void saysThatAnAuthorityIsNotTrusted() {
    start(tls(RIGHT));

    assertThatThrownBy(() -> register(at(registry)))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("unable to find valid certification path")
        .hasMessageEndingWith(
            "; set schema.registry.ssl.truststore.location to a store with the certificate's"
                + " authority");
  }

  /** Once: a certificate does not become valid within a call's timeout. */
  @Test
  void saysThatACertificateExpiredAndDoesNotRetry() {
    start(tls(EXPIRED));
    long start = System.nanoTime();

    assertThatThrownBy(() -> register(trusting(), Duration.ofMinutes(10)))
        .hasMessageContaining("validity check failed")
        .hasMessageContaining("NotAfter: ");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(5));
  }

  @Test
  void showsItsOwnCertificateToARegistryThatWantsOne() {
    start(tls(RIGHT).withClientCertificates());
    Map<String, String> settings = trusting();
    assertThatThrownBy(() -> register(settings, Duration.ofSeconds(3)))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("schema.registry.ssl.keystore.location");

    settings.put("schema.registry.ssl.keystore.type", "PKCS12");
    settings.put("schema.registry.ssl.keystore.location", authority.keystore(CLIENT).toString());
    settings.put("schema.registry.ssl.keystore.password", TestAuthority.PASSWORD);
    settings.put("schema.registry.ssl.key.password", TestAuthority.PASSWORD);
    assertThat(register(settings)).isEqualTo(1);
  }

  @Test
  void readsStoresInPem() throws IOException {
    start(tls(RIGHT).withClientCertificates());
    Map<String, String> settings = at(registry);
    settings.put("schema.registry.ssl.truststore.type", "PEM");
    settings.put("schema.registry.ssl.truststore.certificates", authority.trustedPem());
    settings.put("schema.registry.ssl.keystore.type", "PEM");
    settings.put(
        "schema.registry.ssl.keystore.location",
        Files.writeString(directory.resolve("key.pem"), authority.keyPem(CLIENT)).toString());

    assertThat(register(settings)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "schema.registry.ssl.truststore.location, /no/such/store.p12, there is no file /no/such/store",
    "schema.registry.ssl.truststore.password, wrong, keystore password was incorrect",
    "schema.registry.ssl.truststore.type, nonsense, nonsense not found",
  })
  void saysWhatIsWrongWithAStore(String key, String value, String reason) {
    start(tls(RIGHT));
    Map<String, String> settings = trusting();
    settings.put(key, value);

    assertThatThrownBy(() -> register(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void sendsBasicCredentials() {
    start(
        tls(RIGHT)
            .withAuthenticator(
                new BasicAuthenticator("registry") {
                  @Override
                  public boolean checkCredentials(String user, String password) {
                    return user.equals("me") && password.equals("p@ss/word");
                  }
                }));
    Map<String, String> settings = trusting();
    assertThatThrownBy(() -> register(settings))
        .hasMessageContaining("status 401")
        .hasMessageContaining("basic.auth.user.info");

    settings.put("schema.registry.url", registry.url().replace("//", "//me:p%40ss%2Fword@"));
    assertThat(register(settings)).isEqualTo(1);

    settings.put("schema.registry.url", registry.url());
    settings.put("basic.auth.credentials.source", "USER_INFO");
    settings.put("basic.auth.user.info", "me:p@ss/word");
    assertThat(register(settings)).isEqualTo(1);

    settings.remove("basic.auth.user.info");
    settings.put("basic.auth.credentials.source", "SASL_INHERIT");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"me\""
            + " password=\"p@ss/word\";");
    assertThat(register(settings)).isEqualTo(1);
  }

  @Test
  void sendsATokenAndHeaders() {
    start(tls(RIGHT).withAuthenticator(new CountingAuthenticator("Bearer t")));
    Map<String, String> settings = trusting();
    settings.put("bearer.auth.credentials.source", "STATIC_TOKEN");
    settings.put("bearer.auth.token", "t");
    assertThat(register(settings)).isEqualTo(1);

    Map<String, String> header = trusting();
    header.put("request.header.Authorization", "Bearer t");
    assertThat(register(header)).isEqualTo(1);
  }

  private void start(RegistryOptions options) {
    registry = LocalRegistry.start(options);
  }

  private static RegistryOptions tls(String certificate) {
    return RegistryOptions.DEFAULTS.withTls(authority.context(certificate));
  }

  private Map<String, String> trusting() {
    Map<String, String> settings = at(registry);
    settings.put("schema.registry.ssl.truststore.type", "PKCS12");
    settings.put("schema.registry.ssl.truststore.location", authority.truststore().toString());
    settings.put("schema.registry.ssl.truststore.password", TestAuthority.PASSWORD);
    return settings;
  }

  private static Map<String, String> at(LocalRegistry registry) {
    return new HashMap<>(Map.of("schema.registry.url", registry.url(), "max.retries", "0"));
  }

  private static int register(Map<String, String> settings) {
    return register(settings, Duration.ofSeconds(30));
  }

  private static int register(Map<String, String> settings, Duration timeout) {
    RegistrySettings parsed = RegistrySettings.of(settings);
    return new Registry(parsed.open(), parsed.addresses(), timeout)
        .schemaId("s", Schemas.FEATURE_RECORD, Registration.DEFAULT);
  }

  /** Lets one Authorization header in, and counts whoever gets as far as HTTP. */
  private static final class CountingAuthenticator extends Authenticator {
    private final String wanted;
    private final AtomicInteger calls = new AtomicInteger();

    CountingAuthenticator(String wanted) {
      this.wanted = wanted;
    }

    @Override
    public Result authenticate(HttpExchange exchange) {
      calls.incrementAndGet();
      return wanted.equals(exchange.getRequestHeaders().getFirst("Authorization"))
          ? new Success(new HttpPrincipal("someone", "registry"))
          : new Failure(401);
    }
  }
}
