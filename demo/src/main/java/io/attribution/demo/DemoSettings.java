package io.attribution.demo;

import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.config.DriftConfig;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.config.ModelsConfig;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.streams.StreamsConfig;

/** The application's settings, as a user would write them. */
final class DemoSettings {
  private DemoSettings() {}

  /**
   * @throws io.attribution.stream.config.ConfigException when a setting of the user's is not valid
   */
  static AppConfig of(DemoCluster cluster, Example example, Scratch scratch, DemoOptions options) {
    Map<String, String> settings = new HashMap<>(options.settings());
    // A reference and windows that fill while one watches.
    settings.putIfAbsent(DriftConfig.SAMPLES_PER_SECOND, "200");
    settings.putIfAbsent(DriftConfig.REFERENCE_ROWS, "400");
    settings.putIfAbsent(DriftConfig.WINDOW_ROWS, "200");
    settings.putIfAbsent(DriftConfig.RESOLVE_AFTER, "15000");
    // Broker, producer, topology and reader share the cores already.
    settings.putIfAbsent(ModelsConfig.THREADS, "1");
    // Another demo, or something else, may have the usual port.
    settings.putIfAbsent(HttpConfig.PORT, "0");
    settings.put(ModelsConfig.BUNDLES, example.bundle().directory().toString());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "attribution-demo-" + UUID.randomUUID());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, scratch.directory().toString());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    settings.put(AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG, cluster.registryUrl());
    return ConfigLoader.of(settings, "demo");
  }
}
