package io.attribution.stream.cli;

import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.logging.LogOutput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of every command that reads a configuration. */
final class ConfigOptions {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description =
          "Settings as a properties file: bundles, bootstrap.servers, schema.registry.url and"
              + " whatever else Kafka's clients take.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "One setting that wins over the file and over environment variables such as"
              + " ATTRIBUTION_BATCH_MAX_RECORDS. May be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  AppConfig load() {
    AppConfig config = ConfigLoader.load(file, System.getenv(), overrides);
    if (config.log().json()) {
      LogOutput.json();
    }
    return config;
  }
}
