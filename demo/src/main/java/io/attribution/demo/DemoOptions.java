package io.attribution.demo;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.stream.cli.Label;
import io.attribution.stream.cli.PositiveInt;
import io.attribution.stream.cli.Rate;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.BatchConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.config.DriftConfig;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.config.ModelsConfig;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the command, and what follows from them. */
final class DemoOptions {
  private static final double WATCHABLE_RATE = 200;
  private static final double MIN_RATE = 500;
  private static final double RUN_SECONDS = 10;

  /** Time for the reference of attribution drift to fill, and to see that nothing is wrong. */
  private static final double HEALTHY_SECONDS = 20;

  @Option(
      names = "--example",
      paramLabel = "NAME",
      defaultValue = "digits",
      description =
          "digits (8 x 8 pixels of handwriting) or wdbc (30 measurements of cell nuclei)."
              + " Default: ${DEFAULT-VALUE}.")
  private String example;

  @Option(
      names = "--records",
      paramLabel = "N",
      converter = PositiveInt.class,
      description =
          "Stop after N records, bad ones included, and check that each came out once."
              + " Default: run until Ctrl-C.")
  private @Nullable Integer records;

  @Option(
      names = "--rate",
      paramLabel = "N",
      converter = Rate.class,
      description =
          "Records per second, evenly spaced, or 'unlimited'. Default: 200; with --records, N/10,"
              + " but at least 500.")
  private @Nullable Double rate;

  @Option(
      names = "--keep",
      description =
          "After --records, leave broker, registry and topology running until Ctrl-C, and print"
              + " how to read the topics with ordinary Kafka tools.")
  private boolean keep;

  @Option(
      names = "--inject",
      paramLabel = "FAULT",
      converter = OfInjection.class,
      description = {
        "Break something on purpose and watch the alert that names the cause. bias, mean and detach"
            + " break the encoder (example digits only). shift changes one feature of the data: from"
            + " the first record where the bundle has a reference, as digits has; else after 20"
            + " seconds, or half of the records. With --records, exit code 1 if that alert does not"
            + " come, or another one does."
      })
  private @Nullable Injection inject;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      converter = PositiveInt.class,
      description = "Rows that make a batch full (batch.max.records).")
  private @Nullable Integer batchSize;

  @Option(
      names = "--batch-linger",
      paramLabel = "MS",
      converter = PositiveInt.class,
      description = "Milliseconds that a row waits for others (batch.linger.ms).")
  private @Nullable Integer batchLinger;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "auto",
      converter = Label.OfEngine.class,
      description = "layers, graph, autograd or auto. Default: ${DEFAULT-VALUE}.")
  private EngineKind engine;

  /** bias, mean, detach or shift. */
  static final class OfInjection extends Label<Injection> {
    OfInjection() {
      super(Injection::of);
    }
  }

  /** The folder that contains the folder examples. */
  Path home() {
    return Path.of(System.getProperty("attribution.home", "."));
  }

  String example() {
    return example;
  }

  /** Empty for no end. */
  OptionalLong records() {
    return records == null ? OptionalLong.empty() : OptionalLong.of(records);
  }

  boolean keep() {
    return keep;
  }

  Optional<Injection> inject() {
    return Optional.ofNullable(inject);
  }

  /**
   * The first record that {@link Injection#SHIFT} shifts: the very first, where the bundle has a
   * reference to compare records with.
   */
  long shiftFrom(ModelBundle bundle) {
    if (bundle.reference().isPresent()) {
      return 0;
    }
    return records == null ? Math.round(HEALTHY_SECONDS * recordsPerSecond()) : records / 2;
  }

  /** A rate to watch, or one that sends all records within about ten seconds. */
  double recordsPerSecond() {
    if (rate != null) {
      return rate;
    }
    return records == null ? WATCHABLE_RATE : Math.max(MIN_RATE, records / RUN_SECONDS);
  }

  /**
   * The application's configuration, as a user would write it.
   *
   * @throws io.attribution.stream.config.ConfigException when a setting is not valid
   */
  AppConfig config(DemoCluster cluster, ModelBundle bundle) {
    Map<String, String> all = new HashMap<>();
    all.put(ModelsConfig.ENGINE, engine.label());
    if (batchSize != null) {
      all.put(BatchConfig.MAX_RECORDS, batchSize.toString());
    }
    if (batchLinger != null) {
      all.put(BatchConfig.LINGER, batchLinger.toString());
    }
    all.putAll(demoSettings());
    all.put(ModelsConfig.BUNDLES, bundle.directory().toString());
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, "attribution-demo-" + UUID.randomUUID());
    all.put(StreamsConfig.STATE_DIR_CONFIG, cluster.stateDirectory().toString());
    all.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    all.put(AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG, cluster.registryUrl());
    return ConfigLoader.of(all, "demo");
  }

  private static Map<String, String> demoSettings() {
    return Map.of(
        // A reference and windows that fill while one watches.
        DriftConfig.SAMPLES_PER_SECOND, "200",
        DriftConfig.REFERENCE_ROWS, "400",
        DriftConfig.WINDOW_ROWS, "200",
        DriftConfig.RESOLVE_AFTER, "15000",
        // Broker, producer, topology and reader share the cores already.
        ModelsConfig.THREADS, "1",
        // Another demo, or another program, may use the default port.
        HttpConfig.PORT, "0");
  }
}
