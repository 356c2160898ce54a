package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.BasicAuthenticator;
import io.attribution.local.LocalRegistry;
import io.attribution.local.RegistryOptions;
import io.attribution.local.TestAuthority;
import io.attribution.stream.app.Application;
import io.attribution.stream.app.RequiredAcls;
import io.attribution.stream.cli.CommandRun;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.topics.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.tools.AclCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * Every command with exactly the rights that the documentation names: against Kafka's own
 * authorizer, logged in with SCRAM or a token over TLS, with a registry over https and a password.
 */
class AclsIT {
  private static final Logger AUTHORIZER =
      (Logger) LoggerFactory.getLogger("kafka.authorizer.logger");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
  private static final Topics TOPICS = Topics.DEFAULT;
  private static final int ROWS = 40;

  @TempDir Path directory;
  private final ListAppender<ILoggingEvent> decisions = new ListAppender<>();

  @BeforeEach
  void listen() {
    decisions.start();
    AUTHORIZER.setLevel(Level.DEBUG);
    AUTHORIZER.setAdditive(false);
    AUTHORIZER.addAppender(decisions);
  }

  @AfterEach
  void quiet() {
    AUTHORIZER.detachAppender(decisions);
    AUTHORIZER.setAdditive(true);
    AUTHORIZER.setLevel(null);
  }

  @ParameterizedTest
  @CsvSource({"exactly_once_v2, SCRAM-SHA-512", "at_least_once, OAUTHBEARER"})
  void everyCommandRunsWithTheRightsThatItNames(String guarantee, String mechanism)
      throws Exception {
    TestAuthority authority =
        TestAuthority.in(directory).issue("server", "dns:localhost,ip:127.0.0.1");
    try (SecureKafka secure = new SecureKafka(authority, "server");
        WebhookReceiver receiver = new WebhookReceiver();
        LocalRegistry registry =
            LocalRegistry.start(
                RegistryOptions.DEFAULTS
                    .withTls(authority.context("server"))
                    .withAuthenticator(onlyMe()))) {
      Map<String, String> settings = new HashMap<>(secure.login("app", mechanism));
      settings.putAll(registry(secure, registry.url()));
      settings.put("bundles", Example.DIGITS.bundle().toString());
      settings.put("processing.guarantee", guarantee);
      settings.put("application.id", "app");
      settings.put("http.port", "0");
      settings.put("alerts.webhook.url", receiver.url());
      settings.put("drift.window.ms", "1000");
      AppConfig config = ConfigLoader.of(settings, "test");
      if (mechanism.startsWith("SCRAM")) {
        for (String user : List.of("app", "creator", "feeder")) {
          secure.addScramUser(user);
        }
      }
      create(secure, settings, config, secure.login("creator", mechanism));
      produce(secure, settings, config, secure.login("feeder", mechanism));

      List<AclBinding> acls = RequiredAcls.ofRun("User:app", config);
      allowAsPrinted(secure, settings, "run", "User:app", acls);
      Thread.sleep(1500); // Longer than a window.
      feed(secure, settings, secure.login("feeder", mechanism));
      try (Application application = Application.open(config)) {
        application.start();
        awaitRecords(secure, TOPICS.projected());
        awaitRecords(secure, TOPICS.samples());
        sendNonsense(secure.login("feeder", mechanism));
        awaitRecords(secure, TOPICS.deadLetter());
        awaitUses(acls);
      }

      assertThat(lines("is Denied")).isEmpty();
    }
  }

  /** No right that nothing needs; an alert takes hours of drift, and needs what a window needs. */
  private void awaitUses(List<AclBinding> acls) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    List<AclBinding> unused = acls;
    while (!unused.isEmpty()) {
      unused =
          acls.stream()
              .filter(acl -> uses(acl).isEmpty())
              .filter(acl -> !isWriteOfAlerts(acl))
              .toList();
      assertThat(System.nanoTime()).as("not needed: " + unused).isLessThan(deadline);
      Thread.sleep(200);
    }
  }

  private static boolean isWriteOfAlerts(AclBinding acl) {
    return acl.pattern().name().equals(TOPICS.alerts())
        && acl.entry().operation() == AclOperation.WRITE;
  }

  /** No FeatureRecord, and later than the others: the window before it is complete. */
  private static void sendNonsense(Map<String, String> login) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            new HashMap<>(login), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(TOPICS.features(), new byte[] {1})).get();
    }
  }

  private void create(
      SecureKafka secure, Map<String, String> settings, AppConfig config, Map<String, String> login)
      throws Exception {
    List<AclBinding> acls = RequiredAcls.ofCreate("User:creator", config);
    allowAsPrinted(secure, settings, "create", "User:creator", acls);
    Map<String, String> own = new HashMap<>(settings);
    own.putAll(login);
    for (int twice = 0; twice < 2; twice++) {
      CommandRun run =
          CommandRun.of("topics", "create", "--config", file(own), "--partitions", "1");
      assertThat(run.exit()).as(run.err()).isZero();
    }
  }

  private void produce(
      SecureKafka secure, Map<String, String> settings, AppConfig config, Map<String, String> login)
      throws Exception {
    List<AclBinding> acls = RequiredAcls.ofProduce("User:feeder", config);
    allowAsPrinted(secure, settings, "produce", "User:feeder", acls);
    feed(secure, settings, login);
  }

  private void feed(SecureKafka secure, Map<String, String> settings, Map<String, String> login) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "produce",
                "--bootstrap-servers",
                secure.kafka.bootstrapServers(),
                "--registry",
                settings.get("schema.registry.url"),
                "--input",
                Path.of("../examples/digits/data.csv"),
                "--records",
                ROWS));
    Map<String, String> properties = new HashMap<>(login);
    properties.remove("bootstrap.servers");
    settings.forEach(
        (key, value) -> {
          if (key.startsWith("schema.registry.ssl.") || key.startsWith("basic.auth.")) {
            properties.put(key, value);
          }
        });
    properties.forEach((key, value) -> words.addAll(List.of("--property", key + "=" + value)));
    CommandRun run = CommandRun.of(words.toArray());
    assertThat(run.exit()).as(run.err()).isZero();
  }

  /** The printed commands, run by Kafka's own tool, give exactly these bindings. */
  private void allowAsPrinted(
      SecureKafka secure,
      Map<String, String> settings,
      String command,
      String principal,
      List<AclBinding> expected)
      throws Exception {
    CommandRun printed =
        CommandRun.of(
            "topics",
            "acls",
            "--config",
            file(settings),
            "--principal",
            principal,
            "--for",
            command);
    assertThat(printed.exit()).as(printed.err()).isZero();
    Path admin = file(secure.login(SecureKafka.ADMIN, "PLAIN"));
    for (String line : printed.out().lines().toList()) {
      List<String> words = words(line);
      assertThat(words.remove(0)).isEqualTo("kafka-acls.sh");
      words.addAll(List.of("--command-config", admin.toString()));
      AclCommand.main(words.toArray(String[]::new));
    }
    try (Admin client = secure.admin()) {
      assertThat(client.describeAcls(AclBindingFilter.ANY).values().get())
          .filteredOn(acl -> acl.entry().principal().equals(principal))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return words;
  }

  private static BasicAuthenticator onlyMe() {
    return new BasicAuthenticator("registry") {
      @Override
      public boolean checkCredentials(String user, String password) {
        return user.equals("me") && password.equals("hidden");
      }
    };
  }

  private static Map<String, String> registry(SecureKafka secure, String url) {
    Map<String, String> settings = new HashMap<>();
    secure.trust().forEach((key, value) -> settings.put("schema.registry." + key, value));
    settings.put("schema.registry.url", url);
    settings.put("basic.auth.credentials.source", "USER_INFO");
    settings.put("basic.auth.user.info", "me:hidden");
    return settings;
  }

  private Path file(Map<String, String> settings) throws Exception {
    Path file = Files.createTempFile(directory, "c", ".properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    return file;
  }

  private static void awaitRecords(SecureKafka secure, String topic) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = secure.admin()) {
      while (admin
              .listOffsets(Map.of(partition, OffsetSpec.latest()))
              .partitionResult(partition)
              .get()
              .offset()
          == 0) {
        assertThat(System.nanoTime()).as("no record in " + topic).isLessThan(deadline);
        Thread.sleep(100);
      }
    }
  }

  /** A copy: the broker still logs. */
  private List<String> lines(String words) {
    return List.copyOf(decisions.list).stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(words))
        .toList();
  }

  /** The decisions that this right was needed for. */
  private List<String> uses(AclBinding acl) {
    String kind =
        switch (acl.pattern().resourceType()) {
          case TOPIC -> "Topic:LITERAL:";
          case GROUP -> "Group:LITERAL:";
          default -> "TransactionalId:LITERAL:";
        };
    String user = acl.entry().principal();
    String operation = acl.entry().operation().toString();
    return lines("is Allowed").stream()
        .filter(line -> line.contains("Principal = " + user + " is"))
        .filter(
            line ->
                line.toUpperCase(java.util.Locale.ROOT)
                    .replace("_", "")
                    .contains("OPERATION = " + operation.replace("_", "")))
        .filter(line -> line.contains(kind + acl.pattern().name()))
        .toList();
  }
}
