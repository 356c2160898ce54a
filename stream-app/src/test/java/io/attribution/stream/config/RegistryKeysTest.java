package io.attribution.stream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.serializers.KafkaAvroDeserializerConfig;
import io.confluent.kafka.serializers.KafkaAvroSerializerConfig;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RegistryKeysTest {
  private static final Map<String, Object> MINIMAL = Map.of("schema.registry.url", "http://x");

  /** Everything that the bundled client and its serializers declare. */
  static Stream<String> confluentsKeys() {
    Set<String> keys = new TreeSet<>();
    for (AbstractConfig config :
        new AbstractConfig[] {
          new KafkaAvroSerializerConfig(MINIMAL), new KafkaAvroDeserializerConfig(MINIMAL)
        }) {
      keys.addAll(config.values().keySet());
    }
    Arrays.stream(SchemaRegistryClientConfig.class.getFields())
        .filter(field -> field.getType() == String.class)
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(RegistryKeysTest::constant)
        .filter(value -> value.contains(".") && !value.endsWith("."))
        .filter(value -> !value.equals("url.randomize"))
        .forEach(keys::add);
    return keys.stream();
  }

  @ParameterizedTest
  @MethodSource("confluentsKeys")
  void takesEverySettingOfConfluentsOrSaysWhyNot(String key) {
    Map<String, String> settings = Map.of("bundles", "b", key, sample(key));
    if (RegistryKeys.isTaken(key)) {
      assertThat(ConfigLoader.of(settings, "here").registry()).containsKey(key);
      assertThat(RegistryKeys.withoutEffect(key)).isEmpty();
    } else {
      assertThatThrownBy(() -> ConfigLoader.of(settings, "here"))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("here: '" + key + "' would have no effect: ")
          .hasMessageMatching(".{60,}");
    }
  }

  /** The client reads its own settings with and without the prefix. */
  @ParameterizedTest
  @CsvSource({
    "basic.auth.user.info, basic.auth.user.info",
    "schema.registry.basic.auth.user.info, basic.auth.user.info",
    "schema.registry.http.read.timeout.ms, http.read.timeout.ms",
    "schema.registry.ssl.key.password, schema.registry.ssl.key.password",
    "schema.registry.url, schema.registry.url",
  })
  void knowsTheClientsNameOfASetting(String key, String plain) {
    assertThat(RegistryKeys.isTaken(key)).isTrue();
    assertThat(RegistryKeys.plain(key)).isEqualTo(plain);
  }

  @ParameterizedTest
  @CsvSource({
    "http.read.timeout.ms, 0",
    "schema.registry.http.read.timeout.ms, 0",
    "http.connect.timeout.ms, soon",
    "proxy.port, 65536",
    "max.schemas.per.subject, 0",
  })
  void refusesValuesThatTheClientWouldChokeOn(String key, String value) {
    assertThatThrownBy(() -> ConfigLoader.of(Map.of("bundles", "b", key, value), "here"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("configuration " + key)
        .hasMessageContaining(value);
  }

  private static String sample(String key) {
    ConfigDef.ConfigKey known = KafkaAvroSerializerConfig.baseConfigDef().configKeys().get(key);
    boolean number = known != null && known.type == ConfigDef.Type.INT;
    return key.equals("schema.registry.url") ? "http://x" : number ? "77" : "true";
  }

  private static String constant(java.lang.reflect.Field field) {
    try {
      return String.valueOf(field.get(null));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
