package io.attribution.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.rest.entities.Config;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link RegistryConformance}, and what only the registry in the process can do. */
final class LocalRegistryTest extends RegistryConformance {
  private final LocalRegistry registry = LocalRegistry.start();

  @AfterEach
  void close() {
    registry.close();
  }

  @Override
  String url() {
    return registry.url();
  }

  @Test
  void answers503WhilePausedOnly() throws Exception {
    int id = client().register("s", X);

    registry.pause();
    RestClientException refusal = refusal(() -> client().getSchemaById(id));
    registry.resume();

    assertThat(refusal.getStatus()).isEqualTo(503);
    assertThat(client().getSchemaById(id)).isEqualTo(X);
  }

  @Test
  void keepsSchemasAndAddressWhileStopped() throws Exception {
    int id = client().register("s", X);
    String url = registry.url();

    registry.stop();
    assertThatThrownBy(() -> client().getSchemaById(id)).isInstanceOf(IOException.class);
    registry.startAgain();

    assertThat(registry.url()).isEqualTo(url);
    assertThat(client().getSchemaById(id)).isEqualTo(X);
  }

  @Test
  void listensOnTheGivenPort() {
    int port = FreePort.find();

    try (LocalRegistry other = LocalRegistry.start(port)) {
      assertThat(other.url()).isEqualTo("http://127.0.0.1:" + port);
      assertThatThrownBy(() -> LocalRegistry.start(port))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(Integer.toString(port));
    }
  }

  @Test
  void acceptsAnySchemaWhereTheSubjectHasNoRule() throws Exception {
    client().register("s", X);
    client().updateConfig("s", new Config("NONE"));

    client().register("s", X_AND_REQUIRED_Z);

    assertThat(client().getAllVersions("s")).containsExactly(1, 2);
  }

  @Test
  void keepsEncodedCharactersOfASubject() throws Exception {
    String odd = "a/b c+d%";

    client().register(odd, X);

    assertThat(client().getAllSubjects()).containsExactly(odd);
    assertThat(client().getAllVersions(odd)).containsExactly(1);
  }
}
