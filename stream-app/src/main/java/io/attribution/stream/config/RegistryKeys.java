package io.attribution.stream.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of Confluent's registry client and serializers: those that the application takes,
 * and those that it refuses with the reason why they would have no effect.
 */
public final class RegistryKeys {
  /** Before a setting of the client, required for ssl.*, allowed for the others. */
  private static final String PREFIX = "schema.registry.";

  private static final String REQUEST_HEADER = "request.header.";

  private static final Set<String> CLIENT =
      Set.of(
          "basic.auth.credentials.source",
          "basic.auth.user.info",
          "bearer.auth.credentials.source",
          "bearer.auth.token",
          "bearer.auth.issuer.endpoint.url",
          "bearer.auth.client.id",
          "bearer.auth.client.secret",
          "bearer.auth.scope",
          "bearer.auth.scope.claim.name",
          "bearer.auth.sub.claim.name",
          "bearer.auth.logical.cluster",
          "bearer.auth.identity.pool.id",
          "bearer.auth.cache.expiry.buffer.seconds",
          "bearer.auth.custom.provider.class",
          "proxy.host",
          "proxy.port",
          "http.connect.timeout.ms",
          "http.read.timeout.ms");

  private static final Set<String> SSL =
      new ConfigDef()
          .withClientSslSupport().names().stream()
              .map(PREFIX::concat)
              .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> SERIALIZER =
      Set.of(
          RegistryUrl.KEY,
          "schema.registry.url.randomize",
          "auto.register.schemas",
          "normalize.schemas",
          "propagate.schema.tags",
          "max.schemas.per.subject",
          "value.subject.name.strategy");

  private static final Map<String, ConfigDef.Validator> RULES =
      Map.of(
          // Java takes 0 for no timeout.
          "http.connect.timeout.ms", Range.between(1, 600_000),
          "http.read.timeout.ms", Range.between(1, 600_000),
          "proxy.port", Range.between(1, 65_535),
          "max.schemas.per.subject", Range.atLeast(1));

  private static final String OWN_SCHEMAS =
      "output records are always written with this version's own schemas";
  private static final String OWN_CODECS =
      "records are read and written by the application's own codecs";
  private static final String OWN_RETRIES =
      "the application retries a call itself until the call's timeout; set http.read.timeout.ms";
  private static final String OWN_CACHE =
      "the application looks an unknown schema up again after one second";
  private static final String NO_RULES = "rules of data contracts are not applied here";
  private static final String JVM_TLS =
      "the registry's client does not read it; restrict TLS for the whole JVM, as with"
          + " JAVA_OPTS=-Djdk.tls.client.protocols=TLSv1.3";

  private static final Map<String, String> WITHOUT_EFFECT =
      Map.ofEntries(
          Map.entry("use.schema.id", OWN_SCHEMAS),
          Map.entry("id.compatibility.strict", OWN_SCHEMAS),
          Map.entry("use.latest.version", OWN_SCHEMAS),
          Map.entry("use.latest.with.metadata", OWN_SCHEMAS),
          Map.entry("latest.compatibility.strict", OWN_SCHEMAS),
          Map.entry("latest.cache.size", OWN_SCHEMAS),
          Map.entry("latest.cache.ttl.sec", OWN_SCHEMAS),
          Map.entry("schema.format", OWN_SCHEMAS),
          Map.entry("schema.reflection", OWN_CODECS),
          Map.entry("avro.reflection.allow.null", OWN_CODECS),
          Map.entry("avro.remove.java.properties", OWN_CODECS),
          Map.entry("avro.use.logical.type.converters", OWN_CODECS),
          Map.entry("specific.avro.reader", OWN_CODECS),
          Map.entry("specific.avro.key.type", OWN_CODECS),
          Map.entry("specific.avro.value.type", OWN_CODECS),
          Map.entry("rule.executors", NO_RULES),
          Map.entry("rule.actions", NO_RULES),
          Map.entry("rule.service.loader.enable", NO_RULES),
          Map.entry("max.retries", OWN_RETRIES),
          Map.entry("retries.wait.ms", OWN_RETRIES),
          Map.entry("retries.max.wait.ms", OWN_RETRIES),
          Map.entry("missing.cache.size", OWN_CACHE),
          Map.entry("missing.id.cache.ttl.sec", OWN_CACHE),
          Map.entry("missing.version.cache.ttl.sec", OWN_CACHE),
          Map.entry("missing.schema.cache.ttl.sec", OWN_CACHE),
          Map.entry(
              "context.name.strategy",
              "put the context into the address: http://host:8081/contexts/.NAME"),
          Map.entry(
              "key.subject.name.strategy",
              "keys are passed on as they are; no schema is registered for them"),
          Map.entry("schema.registry.ssl.cipher.suites", JVM_TLS),
          Map.entry("schema.registry.ssl.enabled.protocols", JVM_TLS),
          Map.entry("schema.registry.ssl.engine.factory.class", JVM_TLS));

  private RegistryKeys() {}

  /** Whether a key is one of Confluent's, taken or not. */
  static boolean isOne(String key) {
    return key.startsWith(PREFIX)
        || key.startsWith(REQUEST_HEADER)
        || CLIENT.contains(key)
        || SERIALIZER.contains(key)
        || withoutEffect(key).isPresent();
  }

  /**
   * Why a key of Confluent's has no effect in an application with codecs of its own; empty when it
   * is taken or unknown.
   */
  static Optional<String> withoutEffect(String key) {
    if (key.startsWith("rule.executors.") || key.startsWith("rule.actions.")) {
      return Optional.of(NO_RULES);
    }
    return Optional.ofNullable(WITHOUT_EFFECT.getOrDefault(key, WITHOUT_EFFECT.get(plain(key))));
  }

  /** Whether the client or the application reads a key. */
  public static boolean isTaken(String key) {
    return (SERIALIZER.contains(key)
            || CLIENT.contains(plain(key))
            || SSL.contains(key)
            || key.startsWith(REQUEST_HEADER))
        && withoutEffect(key).isEmpty();
  }

  /** The names that a mistyped key may have meant. */
  static Set<String> names() {
    return Stream.of(SERIALIZER, CLIENT, SSL)
        .flatMap(Set::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Checks a value that the client would only refuse while it is used.
   *
   * @throws ConfigException when it is not valid
   */
  public static void validate(String key, String value) {
    ConfigDef.Validator rule = RULES.get(plain(key));
    if (rule != null) {
      rule.ensureValid(key, ConfigDef.parseType(key, value, ConfigDef.Type.INT));
    }
    if (key.equals(RegistryUrl.KEY)) {
      RegistryUrl.parse(value);
    }
  }

  /** The client's own name of a setting: basic.auth.user.info for the one with the prefix. */
  public static String plain(String key) {
    boolean stays = key.equals(RegistryUrl.KEY) || key.startsWith(PREFIX + "ssl.");
    return key.startsWith(PREFIX) && !stays ? key.substring(PREFIX.length()) : key;
  }
}
