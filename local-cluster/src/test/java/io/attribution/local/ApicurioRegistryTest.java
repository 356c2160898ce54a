package io.attribution.local;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Shows that {@link RegistryConformance} holds for an independent registry, too. */
final class ApicurioRegistryTest extends RegistryConformance {
  private static ApicurioRegistry registry;

  @BeforeAll
  static void start() {
    registry = ApicurioRegistry.start();
  }

  @AfterAll
  static void close() {
    registry.close();
  }

  @Override
  String url() {
    return registry.url();
  }
}
