package io.attribution.benchmarks.pipeline;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/** Puts records on a topic before anything is measured. */
final class Preload {
  private Preload() {}

  static void send(FeatureMessages messages, long count, String bootstrapServers) {
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer = Clients.bulkProducer(bootstrapServers)) {
      for (long n = 0; n < count; n++) {
        var unused =
            producer.send(
                messages.record(n, System.currentTimeMillis()),
                (metadata, e) -> {
                  if (e != null) {
                    failure.set(e);
                  }
                });
      }
      producer.flush();
    }
    Exception cause = failure.get();
    if (cause != null) {
      throw new BenchFailure("the input could not be written: " + cause, cause);
    }
  }
}
