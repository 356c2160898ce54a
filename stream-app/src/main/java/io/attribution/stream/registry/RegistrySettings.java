package io.attribution.stream.registry;

import io.attribution.stream.config.Causes;
import io.attribution.stream.config.RegistryKeys;
import io.attribution.stream.config.RegistryUrl;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.confluent.kafka.serializers.KafkaAvroSerializerConfig;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of everything that talks to the Schema Registry, and the only place that opens a
 * client. Confluent's client verifies no host name unless told to, waits a minute for a response,
 * and logs addresses with their passwords: not so one that is opened here.
 */
public final class RegistrySettings {
  private static final String BASIC_SOURCE =
      SchemaRegistryClientConfig.BASIC_AUTH_CREDENTIALS_SOURCE;
  private static final String BEARER_SOURCE =
      SchemaRegistryClientConfig.BEARER_AUTH_CREDENTIALS_SOURCE;

  /** The source that stands for credentials in the address. */
  private static final String FROM_URL = "URL";

  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "schema.registry.ssl.endpoint.identification.algorithm",
          "https",
          SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS,
          3000,
          SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS,
          5000);

  private final List<RegistryUrl> urls;
  private final Map<String, Object> settings;
  private final KafkaAvroSerializerConfig parsed;

  private RegistrySettings(List<RegistryUrl> urls, Map<String, Object> settings) {
    this.urls = urls;
    this.parsed = new KafkaAvroSerializerConfig(settings);
    // Confluent's client casts numbers, and expects passwords as text.
    settings.replaceAll(
        (key, value) -> parsed.values().get(key) instanceof Number number ? number : value);
    this.settings = Map.copyOf(settings);
  }

  /**
   * @param user settings with Confluent's names, with or without the prefix schema.registry.; the
   *     address is among them
   * @throws ConfigException when a setting is not valid, or has no effect beside the others
   */
  public static RegistrySettings of(Map<String, String> user) {
    List<RegistryUrl> urls = RegistryUrl.parse(user.getOrDefault(RegistryUrl.KEY, ""));
    Map<String, Object> settings = new HashMap<>(DEFAULTS);
    user.forEach((key, value) -> settings.put(RegistryKeys.plain(key), value));
    // The configuration is logged, and so are the addresses of requests.
    settings.put(
        RegistryUrl.KEY, urls.stream().map(RegistryUrl::address).collect(Collectors.joining(",")));
    if (urls.stream().anyMatch(url -> url.userInfo().isPresent())) {
      requireCredentialsFromUrl(settings);
    }
    settings.remove(BASIC_SOURCE, FROM_URL);
    RegistryLogin.require(settings);
    return new RegistrySettings(urls, settings);
  }

  private static void requireCredentialsFromUrl(Map<String, Object> settings) {
    if (!FROM_URL.equals(settings.getOrDefault(BASIC_SOURCE, FROM_URL))
        || settings.containsKey(BEARER_SOURCE)) {
      throw new ConfigException(
          RegistryUrl.KEY
              + " names a user, and other credentials are set as well; remove one of them");
    }
  }

  /** The addresses, without credentials. */
  public String addresses() {
    return urls.stream().map(RegistryUrl::address).collect(Collectors.joining(","));
  }

  /** Confluent's own view of the settings. */
  public AbstractKafkaSchemaSerDeConfig parsed() {
    return parsed;
  }

  /** The settings of a serializer of Confluent's that shares the client. */
  public Map<String, Object> ofSerializer() {
    return settings;
  }

  /**
   * Opens a client; it connects with its first call.
   *
   * @throws ConfigException when a store cannot be read or a class cannot be loaded; keeps the
   *     reason
   */
  public SchemaRegistryClient open() {
    RegistryRest rest = rest();
    RegistryLogin.bearer(settings).ifPresent(rest::setBearerAuthCredentialProvider);
    Map<String, Object> ofClient = new HashMap<>(settings);
    ofClient.remove(BEARER_SOURCE);
    try {
      return new CachedSchemaRegistryClient(
          rest,
          parsed.getMaxSchemasPerSubject(),
          List.of(new AvroSchemaProvider()),
          ofClient,
          parsed.requestHeaders());
    } catch (ConfigException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new ConfigException(Causes.line(e));
    }
  }

  private RegistryRest rest() {
    RegistryRest rest =
        new RegistryRest(
            urls.stream().map(RegistryUrl::address).toList(),
            !RegistryLogin.isSet(settings) && urls.stream().allMatch(u -> u.userInfo().isEmpty()));
    Map<String, String> users =
        urls.stream()
            .filter(url -> url.userInfo().isPresent())
            .collect(
                Collectors.toMap(
                    url -> authority(url.address()),
                    url -> url.userInfo().orElseThrow(),
                    (a, b) -> a));
    if (!users.isEmpty()) {
      rest.setBasicAuthCredentialProvider(new RegistryLogin.OfAddress(users));
    }
    return rest;
  }

  private static String authority(String address) {
    try {
      return new URL(address).getAuthority();
    } catch (MalformedURLException e) {
      throw new ConfigException(RegistryUrl.KEY + ": " + e.getMessage());
    }
  }
}
