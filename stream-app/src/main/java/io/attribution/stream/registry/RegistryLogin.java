package io.attribution.stream.registry;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.security.basicauth.BasicAuthCredentialProvider;
import io.confluent.kafka.schemaregistry.client.security.bearerauth.BearerAuthCredentialProvider;
import java.net.URL;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Checks what Confluent's client does not: a source that is misspelt would mean no credentials. */
final class RegistryLogin {
  private static final String BASIC = SchemaRegistryClientConfig.BASIC_AUTH_CREDENTIALS_SOURCE;
  private static final String BEARER = SchemaRegistryClientConfig.BEARER_AUTH_CREDENTIALS_SOURCE;

  private static final int MOST_PROVIDERS = 100;

  private RegistryLogin() {}

  /** Whether requests carry credentials of the settings. */
  static boolean isSet(Map<String, Object> settings) {
    return settings.containsKey(BASIC)
        || settings.containsKey(BEARER)
        || settings.keySet().stream().anyMatch(key -> key.startsWith("request.header."));
  }

  /**
   * @throws ConfigException when a source is unknown, or credentials are set without one
   */
  static void require(Map<String, Object> settings) {
    requireSource(settings, BASIC, SchemaRegistryClientConfig.USER_INFO_CONFIG, "USER_INFO");
    requireSource(
        settings, BEARER, SchemaRegistryClientConfig.BEARER_AUTH_TOKEN_CONFIG, "STATIC_TOKEN");
    Object source = settings.get(BASIC);
    Set<String> known =
        providers(BasicAuthCredentialProvider.class, BasicAuthCredentialProvider::alias).keySet();
    if (source != null && !known.contains(String.valueOf(source))) {
      throw new ConfigException(BASIC, source, "It must be one of " + known);
    }
  }

  /**
   * The provider of tokens. The client's own search for it fails where one of its providers cannot
   * be loaded, also when another is wanted.
   *
   * @throws ConfigException when there is none of this name
   */
  static Optional<BearerAuthCredentialProvider> bearer(Map<String, Object> settings) {
    Object source = settings.get(BEARER);
    if (source == null) {
      return Optional.empty();
    }
    Map<String, BearerAuthCredentialProvider> known =
        providers(BearerAuthCredentialProvider.class, BearerAuthCredentialProvider::alias);
    BearerAuthCredentialProvider provider = known.get(String.valueOf(source));
    if (provider == null) {
      throw new ConfigException(
          BEARER,
          source,
          "It must be one of "
              + known.keySet()
              + (String.valueOf(source).contains("OAUTHBEARER")
                  ? "; this client's OAuth needs classes that Kafka 4 no longer has"
                  : ""));
    }
    provider.configure(settings);
    return Optional.of(provider);
  }

  private static void requireSource(
      Map<String, Object> settings, String source, String secret, String usual) {
    if (settings.containsKey(secret) && !settings.containsKey(source)) {
      throw new ConfigException(
          secret + " has no effect without " + source + "; set " + source + "=" + usual);
    }
  }

  /** By name: all that this client can load, the user's own among them. */
  private static <P> Map<String, P> providers(Class<P> type, Function<P, String> alias) {
    Map<String, P> providers = new TreeMap<>();
    Iterator<P> all = ServiceLoader.load(type, type.getClassLoader()).iterator();
    // The iterator passes over a provider that it could not load, so it comes to its end.
    for (int tries = 0; tries < MOST_PROVIDERS; tries++) {
      try {
        if (!all.hasNext()) {
          break;
        }
        P provider = all.next();
        providers.put(alias.apply(provider), provider);
      } catch (ServiceConfigurationError | LinkageError e) {
        // Its classes are not there. Java 25 says so in hasNext, Java 17 in next.
      }
    }
    return providers;
  }

  /**
   * The credentials that an address named; an address without gets none.
   *
   * @param users user:password by host:port
   */
  record OfAddress(Map<String, String> users) implements BasicAuthCredentialProvider {
    @Override
    public String alias() {
      return "URL";
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public @Nullable String getUserInfo(URL url) {
      return users.get(url.getAuthority());
    }

    @Override
    public String toString() {
      return "OfAddress[hidden]";
    }
  }
}
