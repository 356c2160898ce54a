package io.attribution.benchmarks.pipeline;

import io.attribution.local.BrokerOptions;
import io.attribution.local.EmbeddedKafka;
import io.attribution.local.LocalRegistry;
import java.io.IOException;
import java.nio.file.Path;

/** A broker and a registry in a process of their own, which ends when its standard input does. */
public final class BrokerMain {
  static final String READY = "ready";

  private BrokerMain() {}

  /** Prints {@value #READY}, the bootstrap servers and the registry's address in one line. */
  public static void main(String[] args) throws IOException {
    try (LocalRegistry registry = LocalRegistry.start();
        EmbeddedKafka kafka = EmbeddedKafka.start(options(Path.of(args[0])))) {
      System.out.println(READY + " " + kafka.bootstrapServers() + " " + registry.url());
      while (System.in.read() >= 0) {
        // Whoever started this holds the other end.
      }
    }
    System.exit(0);
  }

  /** One partition is one file at a time, and topics come and go quickly. */
  private static BrokerOptions options(Path directory) {
    return BrokerOptions.DEFAULTS
        .withDataDirectory(directory)
        .withProperty("log.retention.check.interval.ms", "5000")
        .withProperty("log.segment.delete.delay.ms", "1000");
  }
}
