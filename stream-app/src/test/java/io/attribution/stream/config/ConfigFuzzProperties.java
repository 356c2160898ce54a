package io.attribution.stream.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.fuzz.Mutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any configuration file is taken, or refused as one. */
class ConfigFuzzProperties {
  private static final Mutation SETTINGS =
      Mutation.ofText(
          """
          # My settings
          bundles = examples/digits/bundle
          bootstrap.servers = localhost:9092
          schema.registry.url = http://localhost:8081
          batch.max.records = 256
          batch.linger.ms=20
          http.port : 8080
          """,
          """
          bundles=a,b
          default.model=a
          engine=layers
          bootstrap.servers=a:1,b:2
          schema.registry.url=https://user:secret@registry/path
          drift.window.ms=60000
          drift.linearity.factor=2.5
          alerts.webhook.url=http://localhost:9
          """);

  private static Path file = Path.of("");

  @BeforeContainer
  static void aFile() throws IOException {
    file = Files.createTempFile("fuzz", ".properties");
  }

  @AfterContainer
  static void leavesNothing() throws IOException {
    Files.delete(file);
  }

  @Property(shrinking = ShrinkingMode.OFF, seed = "22")
  void anyFile(@ForAll Random random) throws IOException {
    Files.write(file, SETTINGS.next(random));
    try {
      ConfigLoader.load(file, Map.of(), Map.of());
    } catch (ConfigException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
