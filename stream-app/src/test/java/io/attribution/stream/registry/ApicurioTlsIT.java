package io.attribution.stream.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.local.ApicurioRegistry;
import io.attribution.local.TestAuthority;
import io.attribution.stream.serde.Schemas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another vendor's registry over https. */
class ApicurioTlsIT {
  @TempDir Path directory;

  @Test
  void registersAndReadsBackButNotUnderAnotherName() {
    TestAuthority authority = TestAuthority.in(directory).issue("apicurio", "ip:127.0.0.1");
    try (ApicurioRegistry apicurio = ApicurioRegistry.startWithTls(authority)) {
      Registry registry = registry(authority, apicurio.url());

      int id = registry.schemaId("s", Schemas.FEATURE_RECORD, Registration.DEFAULT);

      assertThat(registry.schema(id)).isInstanceOf(Registry.Lookup.Found.class);
      Registry byName = registry(authority, apicurio.url().replace("127.0.0.1", "localhost"));
      assertThatThrownBy(() -> byName.schema(id))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("No name matching localhost found");
    }
  }

  private static Registry registry(TestAuthority authority, String url) {
    RegistrySettings settings =
        RegistrySettings.of(
            Map.of(
                "schema.registry.url",
                url,
                "max.retries",
                "0",
                "schema.registry.ssl.truststore.type",
                "PKCS12",
                "schema.registry.ssl.truststore.location",
                authority.truststore().toString(),
                "schema.registry.ssl.truststore.password",
                TestAuthority.PASSWORD));
    return new Registry(settings.open(), settings.addresses(), Duration.ofSeconds(30));
  }
}
