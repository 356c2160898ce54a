package io.attribution.demo;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.config.DriftConfig;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.config.ModelsConfig;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What the user wants to see.
 *
 * @param home the folder that contains the folder examples
 * @param example the example's name
 * @param records stop after this many records and check them; absent for no end
 * @param rate records per second; absent for the default
 * @param keep leave everything running after the records
 * @param inject what to break on purpose
 * @param settings of the application, beyond those that the demo decides
 */
record DemoOptions(
    Path home,
    String example,
    OptionalLong records,
    OptionalDouble rate,
    boolean keep,
    Optional<Injection> inject,
    Map<String, String> settings) {
  private static final double WATCHABLE_RATE = 200;
  private static final double MIN_RATE = 500;
  private static final double RUN_SECONDS = 10;

  /** Time for the reference of attribution drift to fill, and to see that nothing is wrong. */
  private static final double HEALTHY_SECONDS = 20;

  /**
   * The first record that {@link Injection#SHIFT} shifts: the very first, where the bundle has a
   * reference to compare records with.
   */
  long shiftFrom(ModelBundle bundle) {
    if (bundle.reference().isPresent()) {
      return 0;
    }
    return records.isPresent()
        ? records.getAsLong() / 2
        : Math.round(HEALTHY_SECONDS * recordsPerSecond());
  }

  /** A rate to watch, or one that sends all records within about ten seconds. */
  double recordsPerSecond() {
    return rate.orElseGet(
        () ->
            records.isPresent()
                ? Math.max(MIN_RATE, records.getAsLong() / RUN_SECONDS)
                : WATCHABLE_RATE);
  }

  /**
   * The application's configuration, as a user would write it.
   *
   * @throws io.attribution.stream.config.ConfigException when a setting is not valid
   */
  AppConfig config(DemoCluster cluster, ModelBundle bundle) {
    Map<String, String> all = new HashMap<>(settings);
    // A reference and windows that fill while one watches.
    all.putIfAbsent(DriftConfig.SAMPLES_PER_SECOND, "200");
    all.putIfAbsent(DriftConfig.REFERENCE_ROWS, "400");
    all.putIfAbsent(DriftConfig.WINDOW_ROWS, "200");
    all.putIfAbsent(DriftConfig.RESOLVE_AFTER, "15000");
    // Broker, producer, topology and reader share the cores already.
    all.putIfAbsent(ModelsConfig.THREADS, "1");
    // Another demo, or another program, may use the default port.
    all.putIfAbsent(HttpConfig.PORT, "0");
    all.put(ModelsConfig.BUNDLES, bundle.directory().toString());
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, "attribution-demo-" + UUID.randomUUID());
    all.put(StreamsConfig.STATE_DIR_CONFIG, cluster.stateDirectory().toString());
    all.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    all.put(AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG, cluster.registryUrl());
    return ConfigLoader.of(all, "demo");
  }
}
