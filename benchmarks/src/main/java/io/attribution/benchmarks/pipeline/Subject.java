package io.attribution.benchmarks.pipeline;

import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.config.OutputsConfig;
import java.util.Map;

/** What reads feature records and writes projected and reduced contributions. */
enum Subject {
  /** The application without drift stage and HTTP, which the peers do not have either. */
  app,
  /** The application with both, as its defaults are. */
  watched,
  /** The application's settings and nothing to compute: what Kafka Streams can do at most. */
  passthrough,
  /** The application's job with confluent-kafka, fastavro and torch.func. */
  python;

  /** Settings other than the benchmark's. */
  Map<String, String> settings() {
    return this == watched
        ? Map.of(
            OutputsConfig.OUTPUTS, "projected,reduced,verification,alerts", HttpConfig.PORT, "0")
        : Map.of();
  }
}
