package io.attribution.stream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookConfigTest {
  private static final String SECRET = "s3cr3t-of-the-receiver";

  @Test
  void postsNowhereUnlessToldTo() {
    WebhookConfig config = load(Map.of());

    assertThat(config)
        .isEqualTo(
            new WebhookConfig(
                Optional.empty(), Optional.empty(), Duration.ofSeconds(10), Duration.ofHours(1)));
  }

  @Test
  void neverPrintsTheSecretNorThePathOfTheUrl() {
    WebhookConfig config =
        load(
            Map.of(
                WebhookConfig.URL, "https://hooks.example:8443/" + SECRET + "?key=" + SECRET,
                WebhookConfig.HEADER_VALUE, "Bearer " + SECRET));

    assertThat(config.secret().orElseThrow().value().value()).isEqualTo("Bearer " + SECRET);
    assertThat(config.toString()).contains("https://hooks.example:8443").doesNotContain(SECRET);
    assertThat(WebhookConfig.receiver(config.url().orElseThrow())).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alerts.webhook.url | ftp://h/s3cr3t-of-the-receiver | alerts.webhook.url: must begin",
        "alerts.webhook.url | /s3cr3t-of-the-receiver | alerts.webhook.url: must begin",
        "alerts.webhook.url | http://h/ s3cr3t-of-the-receiver | alerts.webhook.url: is no URL",
        "alerts.webhook.url | http://u:s3cr3t-of-the-receiver@h/ | alerts.webhook.header.value",
        "alerts.webhook.header.value | s3cr3t-of-the-receiver é | alerts.webhook.header.value",
        "alerts.webhook.header.name | Host | alerts.webhook.header.name: 'Host'",
        "alerts.webhook.header.name | a b | alerts.webhook.header.name: 'a b'",
        "alerts.webhook.timeout.ms | 0 | alerts.webhook.timeout.ms",
        "alerts.webhook.retry.ms | -1 | alerts.webhook.retry.ms"
      })
  void saysWhatIsWrongWithoutTheSecret(String key, String value, String message) {
    Map<String, String> settings = new HashMap<>();
    settings.put(WebhookConfig.HEADER_VALUE, SECRET);
    settings.put(key, value);

    assertThatThrownBy(() -> load(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining(SECRET)
        .hasNoCause();
  }

  private static WebhookConfig load(Map<String, String> settings) {
    Map<String, String> complete = new HashMap<>(settings);
    complete.put("bundles", "b");
    return ConfigLoader.of(complete, "here").webhook();
  }
}
