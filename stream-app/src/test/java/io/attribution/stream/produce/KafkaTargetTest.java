package io.attribution.stream.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaTargetTest {

  @Test
  void passesEveryClientItsOwnSettings() {
    KafkaTarget target =
        target(
            Map.of(
                "security.protocol", "SASL_SSL",
                "acks", "1",
                "schema.registry.ssl.truststore.location", "/trust",
                "basic.auth.credentials.source", "USER_INFO",
                "basic.auth.user.info", "me:secret",
                "auto.register.schemas", "false"));

    assertThat(target.producerSettings())
        .containsEntry("bootstrap.servers", "broker:9092")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("acks", "1")
        .doesNotContainKeys("basic.auth.user.info", "auto.register.schemas");
    assertThat(target.registrySettings().ofSerializer())
        .containsEntry("schema.registry.url", "http://registry")
        .containsEntry("schema.registry.ssl.truststore.location", "/trust")
        .containsEntry("basic.auth.user.info", "me:secret")
        .containsEntry("auto.register.schemas", "false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"asks", "group.id", "application.id", "registry.url"})
  void refusesSettingsThatWouldDoNothing(String key) {
    assertThatThrownBy(() -> target(Map.of(key, "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "value.serializer",
        "transactional.id",
        "bootstrap.servers",
        "schema.registry.url"
      })
  void refusesSettingsThatTheCommandDecides(String key) {
    assertThatThrownBy(() -> target(Map.of(key, "x"))).hasMessageContaining(key);
  }

  private static KafkaTarget target(Map<String, String> properties) {
    return new KafkaTarget("broker:9092", "http://registry", "features", properties);
  }
}
