package io.attribution.stream.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings: defaults, then a properties file, then the environment, then flags; the later
 * wins. Keys of Kafka's clients and of the Schema Registry client are passed on. Unknown keys are
 * refused, because a setting without effect is worse than an error.
 */
public final class ConfigLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigLoader.class);
  private static final Pattern KEY_IN_MESSAGE = Pattern.compile(" for configuration ([^:]+):");
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private ConfigLoader() {}

  /** The application's own keys. docs/configuration.md lists them. */
  public static ConfigDef definition() {
    ConfigDef def = new ConfigDef();
    ModelsConfig.define(def);
    TopicsConfig.define(def);
    OutputsConfig.define(def);
    BatchConfig.define(def);
    DriftConfig.define(def);
    HttpConfig.define(def);
    LogConfig.define(def);
    return WebhookConfig.define(def);
  }

  /**
   * Loads a file and what overrides it.
   *
   * @param environment variables such as ATTRIBUTION_BATCH_MAX_RECORDS
   * @param flags keys and values from the command line
   * @throws ConfigException when the file cannot be read, a key is unknown or a value is not valid
   */
  public static AppConfig load(
      Path file, Map<String, String> environment, Map<String, String> flags) {
    Map<String, String> settings = new TreeMap<>(read(file));
    Map<String, String> sources = new HashMap<>();
    Map<String, String> variables = Environment.variables(environment);
    variables.forEach(
        (key, name) -> {
          settings.put(key, environment.getOrDefault(name, ""));
          sources.put(key, "environment variable " + name);
        });
    variables.forEach((key, name) -> leaveOutForeign(key, name, settings));
    flags.forEach(
        (key, value) -> {
          settings.put(key, value);
          sources.put(key, "command line");
        });
    return of(settings, key -> sources.getOrDefault(key, "configuration " + file));
  }

  /**
   * Creates the configuration from complete settings.
   *
   * @param source where they came from, for error messages
   */
  public static AppConfig of(Map<String, String> settings, String source) {
    return of(settings, key -> source);
  }

  private static AppConfig of(Map<String, String> raw, UnaryOperator<String> source) {
    Map<String, String> settings = resolved(raw, source);
    requireKnown(settings.keySet(), source);
    try {
      AbstractConfig own = new AbstractConfig(definition(), own(settings), false);
      Map<String, String> kafka = select(settings, key -> !isOwn(key) && !RegistryKeys.isOne(key));
      kafka.forEach(KafkaSettings::validate);
      Map<String, String> registry = select(settings, RegistryKeys::isOne);
      registry.forEach(RegistryKeys::validate);
      return new AppConfig(
          ModelsConfig.of(own),
          TopicsConfig.of(own),
          OutputsConfig.of(own),
          BatchConfig.of(own, settings.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)),
          DriftConfig.of(own),
          HttpConfig.of(own),
          WebhookConfig.of(own),
          LogConfig.of(own),
          kafka,
          registry);
    } catch (org.apache.kafka.common.config.ConfigException e) {
      String message = String.valueOf(e.getMessage());
      throw new ConfigException(source.apply(keyIn(message)) + ": " + message);
    }
  }

  /** Kafka's exceptions name the key only in their message. */
  private static String keyIn(String message) {
    Matcher key = KEY_IN_MESSAGE.matcher(message);
    return key.find() ? key.group(1) : "";
  }

  private static Map<String, String> own(Map<String, String> settings) {
    return select(settings, ConfigLoader::isOwn);
  }

  private static Map<String, String> select(
      Map<String, String> settings, java.util.function.Predicate<String> wanted) {
    return settings.entrySet().stream()
        .filter(entry -> wanted.test(entry.getKey()))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      skipByteOrderMark(reader);
      properties.load(reader);
    } catch (NoSuchFileException e) {
      throw new ConfigException("configuration " + file + ": there is no such file");
    } catch (CharacterCodingException e) {
      throw new ConfigException("configuration " + file + ": it is not UTF-8");
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException("configuration " + file + ": cannot be read (" + e + ")");
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(key -> key, key -> properties.getProperty(key).strip()));
  }

  /** Some editors write a byte order mark, which would become part of the first key. */
  private static void skipByteOrderMark(Reader reader) throws IOException {
    reader.mark(1);
    if (reader.read() != BYTE_ORDER_MARK) {
      reader.reset();
    }
  }

  /** Other programs have variables of this prefix too; only what looks like a key stops a start. */
  private static void leaveOutForeign(String key, String name, Map<String, String> settings) {
    if (!isKnown(key, settings.keySet()) && nearest(key).isEmpty() && !RegistryKeys.isOne(key)) {
      LOG.warn("environment variable {} is no setting and has no effect", name);
      settings.remove(key);
    }
  }

  private static Map<String, String> resolved(
      Map<String, String> raw, UnaryOperator<String> source) {
    try {
      return ConfigProviders.resolve(raw);
    } catch (ConfigException e) {
      String message = String.valueOf(e.getMessage());
      throw new ConfigException(
          source.apply(message.substring(0, message.indexOf(':'))) + ": " + message);
    }
  }

  private static void requireKnown(Set<String> keys, UnaryOperator<String> source) {
    for (String key : keys) {
      if (!isKnown(key, keys)) {
        throw new ConfigException(source.apply(key) + ": " + problem(key));
      }
      KafkaSettings.nearest(key)
          .ifPresent(
              nearest ->
                  LOG.warn(
                      "{}: '{}' goes to a plug-in; was '{}' meant?",
                      source.apply(key),
                      key,
                      nearest));
    }
  }

  private static boolean isKnown(String key, Set<String> all) {
    return isOwn(key) || RegistryKeys.isTaken(key) || KafkaSettings.isKnown(key, all);
  }

  private static String problem(String key) {
    return RegistryKeys.withoutEffect(key)
        .map(reason -> "'" + key + "' would have no effect: " + reason)
        .orElseGet(() -> "unknown key '" + key + "'; " + advice(key));
  }

  private static String advice(String key) {
    return nearest(key)
        .map(nearest -> "did you mean '" + nearest + "'?")
        .or(() -> KafkaSettings.advice(key))
        .orElse("settings of plug-ins of your own begin with consumer. or producer.");
  }

  private static Optional<String> nearest(String key) {
    return NearestKey.to(key, definition().names())
        .or(() -> KafkaSettings.nearest(key))
        .or(() -> NearestKey.to(key, RegistryKeys.names()));
  }

  private static boolean isOwn(String key) {
    return definition().names().contains(key);
  }
}
