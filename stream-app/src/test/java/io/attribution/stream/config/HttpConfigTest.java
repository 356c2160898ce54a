package io.attribution.stream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {
  private static final String SECURE =
      "http.tls.certificate.file=c http.tls.key.file=k http.tokens.read.file=t";

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, '', no TLS and tokens",
    "'::', '', no TLS and tokens",
    "192.0.2.1, http.tokens.read.file=t, no TLS",
    "0.0.0.0, http.tls.certificate.file=c http.tls.key.file=k, no tokens",
    "0.0.0.0, http.allow.insecure.remote.access=false, no TLS and tokens",
  })
  void refusesToListenWhereOthersReachItUnprotected(String host, String settings, String lacks) {
    assertThatThrownBy(() -> load(host, settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http.host")
        .hasMessageContaining(lacks + ";")
        .hasMessageContaining("http.allow.insecure.remote.access = true");
  }

  @ParameterizedTest
  @ValueSource(strings = {SECURE, "http.allow.insecure.remote.access=true", "http.port=-1"})
  void listensWhereOthersReachIt(String settings) {
    assertThat(load("0.0.0.0", settings).host()).isEqualTo("0.0.0.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.0.0.5"})
  void needsNoProtectionOnThisMachine(String host) {
    assertThat(load(host, "").security()).isEqualTo(HttpConfig.Security.NONE);
  }

  @Test
  void needsBothFilesOfTls() {
    assertThatThrownBy(() -> load("127.0.0.1", "http.tls.certificate.file=c"))
        .hasMessageContaining("http.tls.key.file");
    assertThatThrownBy(() -> load("127.0.0.1", "http.tls.key.file=k"))
        .hasMessageContaining("http.tls.certificate.file");
  }

  private static HttpConfig load(String host, String settings) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "bundles",
                "a",
                "bootstrap.servers",
                "x:1",
                "schema.registry.url",
                "http://r",
                "http.host",
                host));
    for (String setting : settings.split(" ", -1)) {
      if (!setting.isEmpty()) {
        String[] parts = setting.split("=", 2);
        all.put(parts[0], parts[1]);
      }
    }
    return ConfigLoader.of(all, "test").http();
  }
}
