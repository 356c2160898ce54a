package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.local.LocalRegistry;
import io.attribution.local.TestAuthority;
import io.attribution.stream.app.RequiredAcls;
import io.attribution.stream.cli.CommandRun;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.topics.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fault by fault: the exit code, and the words that must be in the one line about it. */
class RefusalsIT {
  private static final Topics TOPICS = Topics.DEFAULT;
  private static final String HOSTS = "dns:localhost,ip:127.0.0.1";
  private static final String CLIENT = "ssl.client.auth";
  private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";

  @TempDir static Path directory;
  private static TestAuthority authority;
  private static SecureKafka kafka;
  private static LocalRegistry registry;
  private static int applications;

  @BeforeAll
  static void start() throws Exception {
    authority =
        TestAuthority.in(directory)
            .issue("server", HOSTS)
            .issue("other", "dns:other.example")
            .issueExpired("expired", HOSTS);
    kafka = new SecureKafka(authority, "server");
    registry = LocalRegistry.start();
    kafka.addScramUser("app");
    kafka.create(
        List.of(
            TOPICS.features(),
            TOPICS.projected(),
            TOPICS.reduced(),
            TOPICS.verification(),
            TOPICS.deadLetter(),
            TOPICS.samples(),
            TOPICS.windows(),
            TOPICS.alerts()));
  }

  @AfterAll
  static void stop() {
    registry.close();
    kafka.close();
  }

  /**
   * One fault in the settings.
   *
   * @param key of the setting that is wrong
   * @param value null for a setting that is left out
   */
  record Fault(String name, String key, String value, int exit, List<String> words) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Fault fault(String name, String key, String value, int exit, String... words) {
    return new Fault(name, key, value, exit, List.of(words));
  }

  static Stream<Fault> settings() {
    return Stream.of(
        fault(
            "no trust store",
            "ssl.truststore.location",
            "/no/such.p12",
            2,
            "Kafka client settings: ",
            "/no/such.p12"),
        fault(
            "password of the store",
            "ssl.truststore.password",
            "wrong",
            2,
            "Kafka client settings: ",
            "keystore password was incorrect"),
        fault(
            "type of the store", "ssl.truststore.type", "JKX", 2, "Kafka client settings: ", "JKX"),
        fault(
            "login module",
            "sasl.jaas.config",
            MODULE.replace("Module", "Modul") + " required username=\"admin\" password=\"secret\";",
            2,
            "Kafka client settings: ",
            "PlainLoginModul"),
        fault(
            "no semicolon",
            "sasl.jaas.config",
            MODULE + " required username=\"admin\" password=\"secret\"",
            2,
            "sasl.jaas.config",
            "JAAS config entry not terminated by semi-colon"),
        fault(
            "password",
            "sasl.jaas.config",
            MODULE + " required username=\"admin\" password=\"wrong\";",
            1,
            "Authentication failed: Invalid username or password",
            "check sasl.mechanism and sasl.jaas.config"),
        fault(
            "mechanism",
            "sasl.mechanism",
            "SCRAM-SHA-256",
            1,
            "'SCRAM-SHA-256' not enabled in the server",
            "SCRAM-SHA-512"),
        fault(
            "authority not trusted",
            "ssl.truststore.location",
            null,
            1,
            "unable to find valid certification path",
            "set ssl.truststore.location to a store with the certificate's authority"),
        fault(
            "PLAINTEXT against TLS",
            "security.protocol",
            "PLAINTEXT",
            1,
            "no answer; is bootstrap.servers right and the cluster up?",
            "Brokers that want TLS or a login need security.protocol"));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void saysWhatIsWrongWithTheSettings(Fault fault) throws Exception {
    Map<String, String> settings = config(kafka.login(SecureKafka.ADMIN, "PLAIN"));
    if (fault.value() == null) {
      settings.keySet().removeIf(key -> key.startsWith("ssl.truststore."));
    } else {
      settings.put(fault.key(), fault.value());
    }

    assertFails(create(settings), fault.exit(), fault.words());
  }

  static Stream<Fault> certificates() {
    return Stream.of(
        fault("expired", "", "expired", 1, "NotAfter: ", "the certificate has expired"),
        fault(
            "another host",
            "",
            "other",
            1,
            "No subject alternative names matching IP address 127.0.0.1 found",
            "the certificate is for another host"),
        fault(
            "none of its own",
            CLIENT,
            "server",
            1,
            "the server wants a certificate that it trusts; check ssl.keystore.location"));
  }

  @ParameterizedTest
  @MethodSource("certificates")
  void saysWhatIsWrongWithACertificate(Fault fault) throws Exception {
    ExecutorService worker = Executors.newSingleThreadExecutor();
    try (SSLServerSocket wrong =
        (SSLServerSocket)
            authority.context(fault.value()).getServerSocketFactory().createServerSocket()) {
      wrong.setNeedClientAuth(fault.key().equals(CLIENT));
      wrong.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      worker.execute(() -> shakeHands(wrong));
      Map<String, String> settings = config(kafka.login(SecureKafka.ADMIN, "PLAIN"));
      settings.put("bootstrap.servers", "127.0.0.1:" + wrong.getLocalPort());

      assertFails(create(settings), fault.exit(), fault.words());
    } finally {
      worker.shutdownNow();
    }
  }

  /** A broker refuses to start with such a certificate; the client never gets beyond TLS. */
  private static void shakeHands(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        ((SSLSocket) client).startHandshake();
        client.getInputStream().read();
      } catch (IOException e) {
        // The client has refused, or the test is over.
      }
    }
  }

  /**
   * A right that is missing.
   *
   * @param topic null for all of the type
   */
  record Missing(ResourceType type, String topic, AclOperation operation, List<String> words) {
    boolean is(AclBinding acl) {
      return acl.pattern().resourceType() == type
          && (topic == null || acl.pattern().name().equals(topic))
          && (operation == AclOperation.ANY || acl.entry().operation() == operation);
    }
  }

  /** Each case has an application of its own: changelogs stay. */
  static Stream<Missing> rights() {
    return Stream.of(
        new Missing(
            ResourceType.TOPIC, "features", AclOperation.ANY, List.of("topic 'features': ")),
        new Missing(
            ResourceType.TOPIC,
            "attributions.reduced",
            AclOperation.DESCRIBE_CONFIGS,
            List.of("configuration of topic 'attributions.reduced': ")),
        new Missing(
            ResourceType.GROUP,
            null,
            AclOperation.ANY,
            List.of("access group: app3", "application.id")),
        new Missing(
            ResourceType.TRANSACTIONAL_ID,
            null,
            AclOperation.ANY,
            List.of("Transactional Id authorization failed", "begin with application.id")),
        new Missing(
            ResourceType.TOPIC, "app5-", AclOperation.CREATE, List.of("app5-", "-changelog")));
  }

  @ParameterizedTest
  @MethodSource("rights")
  @Timeout(300)
  void saysWhichRightIsMissing(Missing missing) throws Exception {
    Map<String, String> settings = config(kafka.login("app", "SCRAM-SHA-512"));
    settings.put("application.id", "app" + ++applications);
    AppConfig config = ConfigLoader.of(settings, "test");
    List<AclBinding> acls =
        RequiredAcls.ofRun("User:app", config).stream().filter(acl -> !missing.is(acl)).toList();
    kafka.allow(acls);
    try {
      List<String> words = new ArrayList<>(missing.words());
      words.add("attribution topics acls --principal User:NAME");
      assertFails(CommandRun.of("run", "--config", file(settings)), 1, words);
    } finally {
      kafka.forget(acls);
    }
  }

  @Test
  void saysThatATopicDoesNotExist() throws Exception {
    Map<String, String> settings = config(kafka.login(SecureKafka.ADMIN, "PLAIN"));
    settings.put("reduced.topic", "no-such");

    assertFails(
        CommandRun.of("run", "--config", file(settings)),
        2,
        List.of("topic 'no-such' (reduced contributions) does not exist", "topics create"));
  }

  /** One line at the end; what was said before are the models. */
  private static void assertFails(CommandRun run, int exit, List<String> words) {
    assertThat(run.exit()).as(run.err()).isEqualTo(exit);
    assertThat(run.err()).doesNotContain("\tat ");
    List<String> last =
        run.err()
            .lines()
            .filter(line -> !line.startsWith("attribution: model digits "))
            .filter(line -> !line.startsWith("attribution: explaining "))
            .toList();
    assertThat(last).hasSize(1);
    assertThat(last.get(0)).contains(words).doesNotContain("secret");
  }

  private static CommandRun create(Map<String, String> settings) throws Exception {
    return CommandRun.of("topics", "create", "--dry-run", "--config", file(settings));
  }

  private static Map<String, String> config(Map<String, String> login) {
    Map<String, String> settings = new HashMap<>(login);
    settings.put("bundles", Example.DIGITS.bundle().toString());
    settings.put("schema.registry.url", registry.url());
    settings.put("application.id", "app");
    settings.put("http.port", "-1");
    return settings;
  }

  private static Path file(Map<String, String> settings) throws Exception {
    Path file = Files.createTempFile(directory, "c", ".properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    return file;
  }
}
