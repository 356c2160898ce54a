package io.attribution.stream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.engine.method.Baseline;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.method.MethodChoice;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.Precision;
import io.attribution.stream.topics.Topics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(value = EngineKind.class, mode = EnumSource.Mode.EXCLUDE, names = "LAYERWISE")
  void takesEveryEngineThatCanBeChosen(EngineKind engine) {
    assertThat(load(Map.of("engine", engine.label())).models().engine().kind()).isEqualTo(engine);
  }

  @Test
  void hasDefaultsForEverythingButTheBundles() {
    AppConfig config = load(Map.of());

    assertThat(config.models())
        .isEqualTo(
            new ModelsConfig(
                List.of(Path.of("b")),
                Optional.empty(),
                new EngineChoice(EngineKind.AUTO, Precision.FLOAT32, DeviceChoice.AUTO),
                1000,
                0));
    assertThat(config.topics().names()).isEqualTo(Topics.DEFAULT);
    assertThat(config.outputs())
        .isEqualTo(
            new OutputsConfig(
                Set.of("projected", "reduced", "verification", "alerts"), new Reduction.L2(), 0));
    assertThat(config.batch()).isEqualTo(new BatchConfig(1024, 8 << 20, Duration.ofMillis(5)));
    assertThat(config.drift())
        .isEqualTo(
            new DriftConfig(
                50,
                Duration.ofSeconds(10),
                true,
                3,
                10_000_000,
                1000,
                500,
                0.9,
                Duration.ofMinutes(1)));
    assertThat(config.http())
        .isEqualTo(new HttpConfig(8080, "127.0.0.1", List.of(), 4096, 1024, 20_000));
    assertThat(config.http().isOn()).isTrue();
  }

  @Test
  void mapsEveryKey() {
    Map<String, String> all = new HashMap<>();
    all.put("bundles", "a,b");
    all.put("default.model", "m");
    all.put("engine", "autograd");
    all.put("engine.precision", "float64");
    all.put("engine.device", "cpu");
    all.put("method", "integrated_gradients");
    all.put("method.baseline", "zeros");
    all.put("method.nodes.max", "99");
    all.put("engine.check.interval", "17");
    all.put("engine.threads", "3");
    all.put("features.topic", "f");
    all.put("projected.topic", "p");
    all.put("reduced.topic", "r");
    all.put("verification.topic", "v");
    all.put("dead.letter.topic", "d");
    all.put("samples.topic", "s");
    all.put("windows.topic", "w");
    all.put("alerts.topic", "a");
    all.put("outputs", "reduced");
    all.put("reduction", "signed");
    all.put("reduction.target", "2");
    all.put("top.k", "5");
    all.put("batch.max.records", "7");
    all.put("batch.max.bytes", "9999");
    all.put("batch.linger.ms", "11");
    all.put("samples.per.second", "12");
    all.put("drift.window.ms", "1300");
    all.put("drift.linearity.detectors", "");
    all.put("drift.linearity.factor", "1.5");
    all.put("drift.false.alarm.records", "16000");
    all.put("drift.reference.rows", "170");
    all.put("drift.window.rows", "180");
    all.put("drift.ranking.gain", "0.5");
    all.put("drift.resolve.ms", "1900");
    all.put("alerts.webhook.url", "https://r/x");
    all.put("alerts.webhook.header.name", "X-Token");
    all.put("alerts.webhook.header.value", "t");
    all.put("alerts.webhook.timeout.ms", "2500");
    all.put("alerts.webhook.retry.ms", "26000");
    all.put("http.port", "-1");
    all.put("http.host", "0.0.0.0");
    all.put("explain.queue.rows", "20");
    all.put("explain.max.rows", "21");
    all.put("http.find.records", "22");
    all.put("http.allowed.hosts", "explain.example,[fd00::1]:8080");
    all.put("log.format", "json");
    all.put("http.tls.certificate.file", "tls.crt");
    all.put("http.tls.key.file", "tls.key");
    all.put("http.tokens.read.file", "read");
    all.put("http.tokens.explain.file", "explain");
    all.put("http.tokens.operate.file", "operate");
    all.put("http.allow.insecure.remote.access", "true");

    AppConfig config = load(all);

    assertThat(config.models())
        .isEqualTo(
            new ModelsConfig(
                List.of(Path.of("a"), Path.of("b")),
                Optional.of("m"),
                new EngineChoice(
                    EngineKind.AUTOGRAD,
                    Precision.FLOAT64,
                    DeviceChoice.CPU,
                    new MethodChoice(
                        Optional.of(ContributionMethod.INTEGRATED_GRADIENTS),
                        Optional.of(Baseline.ZEROS),
                        99)),
                17,
                3));
    assertThat(config.topics().names())
        .isEqualTo(new Topics("f", "p", "r", "v", "d", "s", "w", "a"));
    assertThat(config.outputs())
        .isEqualTo(new OutputsConfig(Set.of("reduced"), new Reduction.Signed(2), 5));
    assertThat(config.batch()).isEqualTo(new BatchConfig(7, 9999, Duration.ofMillis(11)));
    assertThat(config.drift())
        .isEqualTo(
            new DriftConfig(
                12,
                Duration.ofMillis(1300),
                false,
                1.5,
                16_000,
                170,
                180,
                0.5,
                Duration.ofMillis(1900)));
    assertThat(config.http())
        .isEqualTo(
            new HttpConfig(
                -1,
                "0.0.0.0",
                List.of("explain.example", "[fd00::1]:8080"),
                20,
                21,
                22,
                new HttpConfig.Security(
                    Optional.of(new HttpConfig.TlsFiles(Path.of("tls.crt"), Path.of("tls.key"))),
                    Optional.of(Path.of("read")),
                    Optional.of(Path.of("explain")),
                    Optional.of(Path.of("operate")),
                    true)));
    assertThat(config.http().isOn()).isFalse();
    assertThat(config.log()).isEqualTo(new LogConfig(true));
    assertThat(config.webhook())
        .isEqualTo(
            new WebhookConfig(
                Optional.of(URI.create("https://r/x")),
                Optional.of(new WebhookConfig.SecretHeader("X-Token", new Password("t"))),
                Duration.ofMillis(2500),
                Duration.ofSeconds(26)));
    assertThat(all.keySet()).isEqualTo(ConfigLoader.definition().names());
  }

  @Test
  void passesKafkasAndTheRegistrysSettingsOn() {
    AppConfig config =
        load(
            Map.of(
                "bootstrap.servers", "x:1",
                "producer.linger.ms", "3",
                "sasl.mechanism", "PLAIN",
                "schema.registry.url", "http://r",
                "schema.registry.ssl.truststore.location", "/t",
                "auto.register.schemas", "false"));

    assertThat(config.kafka())
        .containsOnlyKeys("bootstrap.servers", "producer.linger.ms", "sasl.mechanism");
    assertThat(config.registry())
        .containsOnlyKeys(
            "schema.registry.url",
            "schema.registry.ssl.truststore.location",
            "auto.register.schemas");
  }

  @Test
  void letsTheEnvironmentWinOverTheFileAndFlagsOverBoth() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("c.properties"),
            "bundles=b\nbatch.linger.ms=1\ntop.k=1\nbatch.max.records=1\n");

    AppConfig config =
        ConfigLoader.load(
            file,
            Map.of(
                "ATTRIBUTION_TOP_K", "2", "ATTRIBUTION_BATCH_MAX_RECORDS", "2", "PATH", "ignored"),
            Map.of("batch.max.records", "3"));

    assertThat(config.batch().linger()).isEqualTo(Duration.ofMillis(1));
    assertThat(config.outputs().topK()).isEqualTo(2);
    assertThat(config.batch().maxRecords()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch.max.record | 5 | did you mean 'batch.max.records'",
        "nonsense.entirely | 5 | unknown key 'nonsense.entirely'",
        "engine | fast | engine",
        "batch.max.records | 0 | batch.max.records",
        "batch.linger.ms | soon | batch.linger.ms",
        "outputs | reduced,everything | outputs",
        "reduction | l3 | reduction",
        "http.port | 70000 | http.port",
        "http.allowed.hosts | [x | '[x' is no host's name",
        "http.allowed.hosts | a b/c | 'a b/c' is no host's name",
        "drift.linearity.detectors | magic | drift.linearity.detectors: String must be one of",
        "engine.device | gpu | 'gpu' is no device; choose auto, cpu or gpu:N",
      })
  void namesTheKeyOfABadSetting(String key, String value, String message) {
    assertThatThrownBy(() -> load(Map.of(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("here")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adwin", "ewma", "page_hinkley", "cusum,adwin"})
  void tellsThatADetectorWasRemovedAndWhatToDo(String detectors) {
    assertThatThrownBy(() -> load(Map.of("drift.linearity.detectors", detectors)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("here: Invalid value [" + detectors.replace(",", ", ") + "]")
        .hasMessageContaining("for configuration drift.linearity.detectors: ")
        .hasMessageContaining("were removed, because cusum finds growth as early or earlier")
        .hasMessageEndingWith("Leave the setting out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cusum", "cusum,cusum"})
  void acceptsTheDetectorThatIsLeft(String detectors) {
    assertThat(load(Map.of("drift.linearity.detectors", detectors))).isEqualTo(load(Map.of()));
  }

  @Test
  void asksForBundles() {
    assertThatThrownBy(() -> ConfigLoader.of(Map.of(), "here"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("bundles");
  }

  @Test
  void saysWhichFileCannotBeRead() {
    assertThatThrownBy(
            () -> ConfigLoader.load(directory.resolve("none.properties"), Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("none.properties: there is no such file");
  }

  @ParameterizedTest
  @CsvSource({
    "processing.guarantee, at_least_onc",
    "num.stream.threads, two",
    "main.consumer.max.poll.records, 0",
    "producer.acks, none",
    "admin.retries, many",
    "send.buffer.bytes, -2",
    "num.stream.threads, 0",
    "application.id, a b",
    "projected.topic, a/b",
    "drift.linearity.factor, NaN",
    "schema.registry.url, nonsense",
    "schema.registry.url, 'http://a:1,'",
  })
  void saysWhereSettingsAreWrong(String key, String value) {
    assertThatThrownBy(() -> load(Map.of(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("here: ")
        .hasMessageContaining("configuration " + key)
        .hasMessageContaining(value);
  }

  @Test
  void wantsATopicForEveryKindOfRecord() {
    assertThatThrownBy(() -> load(Map.of("features.topic", "same", "reduced.topic", "same")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("features.topic")
        .hasMessageContaining("reduced.topic")
        .hasMessageContaining("are both 'same'");
  }

  @Test
  void readsAFileThatBeginsWithAByteOrderMark() throws IOException {
    Path file = directory.resolve("bom.properties");
    Files.writeString(file, "\uFEFFbundles = b\n");

    assertThat(ConfigLoader.load(file, Map.of(), Map.of()).models().bundles())
        .containsExactly(Path.of("b"));
  }

  @Test
  void saysThatAFileIsNotUtf8() throws IOException {
    Path file = directory.resolve("latin.properties");
    Files.write(file, new byte[] {'a', '=', (byte) 0xE9, '\n'});

    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
        .hasMessageEndingWith("latin.properties: it is not UTF-8");
  }

  @ParameterizedTest
  @CsvSource({
    "producer.acks, all",
    "schema.registry.url, 'http://user:secret@a_b:8081, https://c'",
    "topic.segment.bytes, 16777216",
    "client.tag.zone, 1",
    "sasl.jaas.config, x.Module required;",
  })
  void passesSettingsOn(String key, String value) {
    AppConfig config = load(Map.of(key, value));
    Map<String, String> passed = new HashMap<>(config.kafka());
    passed.putAll(config.registry());
    assertThat(passed).containsEntry(key, value);
  }

  @Test
  void namesThePlaceThatASettingComesFrom() throws IOException {
    Path file = directory.resolve("some.properties");
    Files.writeString(file, "bundles = b\ntop.k = x\n");

    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
        .hasMessageStartingWith("configuration " + file + ": Invalid value x");
    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of("ATTRIBUTION_TOP_K", "y"), Map.of()))
        .hasMessageStartingWith("environment variable ATTRIBUTION_TOP_K: Invalid value y");
    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of("top.k", "z")))
        .hasMessageStartingWith("command line: Invalid value z for configuration top.k");
    assertThatThrownBy(
            () -> ConfigLoader.load(file, Map.of("ATTRIBUTION_TOPK", "1"), Map.of("top.k", "1")))
        .hasMessage(
            "environment variable ATTRIBUTION_TOPK: unknown key 'topk'; did you mean 'top.k'?");
  }

  /** What Kubernetes and Docker set for services named attribution, attribution-http and so on. */
  @ParameterizedTest
  @CsvSource({
    "ATTRIBUTION_SERVICE_HOST, 10.96.0.10",
    "ATTRIBUTION_SERVICE_PORT, 8080",
    "ATTRIBUTION_SERVICE_PORT_HTTP, 8080",
    "ATTRIBUTION_PORT, tcp://10.96.0.10:8080",
    "ATTRIBUTION_PORT_8080_TCP, tcp://10.96.0.10:8080",
    "ATTRIBUTION_PORT_8080_TCP_PROTO, tcp",
    "ATTRIBUTION_PORT_8080_TCP_PORT, 8080",
    "ATTRIBUTION_PORT_8080_TCP_ADDR, 10.96.0.10",
    "ATTRIBUTION_PORT_53_UDP_ADDR, 10.96.0.10",
    "ATTRIBUTION_HTTP_PORT, tcp://10.96.0.10:8080",
    "ATTRIBUTION_STREAMS_SERVICE_PORT_HTTP_METRICS, 8080",
    "ATTRIBUTION_NAME, /web/attribution",
    "ATTRIBUTION_HOME, /opt/attribution",
    "ATTRIBUTION_ENV_JAVA_VERSION, 17",
  })
  void ignoresVariablesThatOthersSet(String name, String value) throws IOException {
    Path file = Files.writeString(directory.resolve("c.properties"), "bundles = b\n");

    assertThat(ConfigLoader.load(file, Map.of(name, value), Map.of()))
        .isEqualTo(ConfigLoader.load(file, Map.of(), Map.of()));
  }

  @Test
  void readsAPortFromTheEnvironment() throws IOException {
    Path file = Files.writeString(directory.resolve("c.properties"), "bundles = b\n");

    assertThat(
            ConfigLoader.load(file, Map.of("ATTRIBUTION_HTTP_PORT", "81"), Map.of()).http().port())
        .isEqualTo(81);
  }

  @ParameterizedTest
  @CsvSource({
    "producer.lingr.ms, did you mean 'producer.linger.ms'?",
    "consumer.max.pol.records, did you mean 'consumer.max.poll.records'?",
    "main.consumer.fetch.max.byte, did you mean 'main.consumer.fetch.max.bytes'?",
    "admin.retry.backof.ms, did you mean 'admin.retry.backoff.ms'?",
    "topic.segmnt.bytes, did you mean 'topic.segment.bytes'?",
    "producer.max.poll.records, this client of Kafka has no such setting",
    "consumer.my.limit, no plug-in is set that could read it",
    "producer.auto.register.schemas, leave out the prefix",
    "consumer.schema.registry.url, leave out the prefix",
    "schema.registry.ssl.truststore.locaton, did you mean 'schema.registry.ssl.truststore.location'?",
    "schema.registry.auto.register.schemas, unknown key",
    "basic.auth.user.inf, did you mean 'basic.auth.user.info'?",
  })
  void refusesNamesThatNobodyReads(String key, String advice) {
    assertThatThrownBy(() -> load(Map.of(key, "1")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("here: unknown key '" + key + "'; ")
        .hasMessageContaining(advice);
  }

  @Test
  void passesSettingsOfPlugInsOn() {
    assertThat(
            load(Map.of(
                    "producer.interceptor.classes", "org.example.Tracing",
                    "producer.tracing.endpoint", "x",
                    "producer.tracing.linger.m", "y"))
                .kafka())
        .containsKeys("producer.tracing.endpoint", "producer.tracing.linger.m");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"alerts.webhook.header.value", "schema.registry.url", "sasl.jaas.config", "top.k"})
  void replacesVariablesOfConfigProvidersForEveryKey(String key) throws IOException {
    Files.writeString(directory.resolve("secrets.properties"), "one=1\n");
    Files.writeString(directory.resolve("two"), "2");
    String file = "${file:" + directory.resolve("secrets.properties") + ":one}";
    String folder = "${directory:" + directory + ":two}";
    String prefix = key.equals("schema.registry.url") ? "http://u:" : "";
    String suffix = key.equals("schema.registry.url") ? "@host" : "";
    String kafka = "org.apache.kafka.common.config.provider.";
    Map<String, String> settings =
        Map.of(
            "config.providers",
            "file,directory",
            "config.providers.file.class",
            kafka + "FileConfigProvider",
            "config.providers.directory.class",
            kafka + "DirectoryConfigProvider",
            "config.providers.directory.param.allowed.paths",
            directory.toString(),
            key,
            prefix + file + folder + suffix);

    AppConfig config = load(settings);

    assertThat(config)
        .isEqualTo(load(Map.of(key, prefix + "12" + suffix)))
        .isNotEqualTo(load(Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '${file:/secrets:url}', set config.providers=file and config.providers.file.class",
    "file, '${file:/no/such:url}', Could not read properties from file /no/such",
    "file, '${vault:a:b}', set config.providers=vault",
    "env, '${env:ATTRIBUTION_NO_SUCH}', has no 'ATTRIBUTION_NO_SUCH' there",
  })
  void saysWhichVariableCannotBeReplaced(String provider, String value, String reason) {
    Map<String, String> settings = new HashMap<>(Map.of("basic.auth.user.info", value));
    if (!provider.isEmpty()) {
      settings.put("config.providers", provider);
      settings.put(
          "config.providers." + provider + ".class",
          "org.apache.kafka.common.config.provider."
              + (provider.equals("env") ? "EnvVarConfigProvider" : "FileConfigProvider"));
    }

    assertThatThrownBy(() -> load(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("here: basic.auth.user.info: ")
        .hasMessageContaining(value)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://me:secret@",
        "http//me:secret@host",
        "ftp://me:secret@h",
        "http://me:se/cret@h:x"
      })
  void showsNoCredentialsOfAnAddress(String url) {
    assertThatThrownBy(() -> load(Map.of("schema.registry.url", url)))
        .hasMessageContaining("schema.registry.url")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("se/cret");
  }

  private static AppConfig load(Map<String, String> settings) {
    Map<String, String> complete = new HashMap<>(Map.of("bundles", "b"));
    complete.putAll(settings);
    return ConfigLoader.of(complete, "here");
  }

  @ParameterizedTest
  @CsvSource({
    "exactly_once_v2, '', 5",
    "at_least_once, '', 3",
    "at_least_once, 5, 5",
    "at_least_once, 70, 70",
    "exactly_once_v2, 3, 3",
  })
  void lingersLessWhereNothingElseWaits(String guarantee, String linger, long millis) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bundles", "b");
    settings.put("processing.guarantee", guarantee);
    if (!linger.isEmpty()) {
      settings.put("batch.linger.ms", linger);
    }

    assertThat(ConfigLoader.of(settings, "test").batch().linger())
        .isEqualTo(Duration.ofMillis(millis));
  }
}
