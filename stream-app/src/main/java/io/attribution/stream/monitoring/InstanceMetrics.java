package io.attribution.stream.monitoring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Memory, lag and readiness of the instance; NaN when unknown. */
final class InstanceMetrics {
  private InstanceMetrics() {}

  /** Registers the process's memory under the name that Prometheus' own clients use. */
  static void bindMemory(MeterRegistry registry) {
    gauge(
        registry,
        "process.resident.memory.bytes",
        "Memory of the process, libtorch's included",
        ResidentMemory::bytes);
  }

  static void bindOutside(MeterRegistry registry, Outside outside) {
    CommitProgress commits = outside.commits();
    gauge(
        registry,
        MetricNames.LAG,
        "Input records of this instance's partitions that are not explained and committed",
        commits::lag);
    gauge(
        registry,
        MetricNames.COMMIT_WAIT,
        "How long records of a partition have waited without a commit",
        () -> commits.waitSeconds().orElse(Double.NaN));
    timestamp(registry, MetricNames.LAST_COMMIT, "A commit last succeeded", commits::lastCommit);
    timestamp(
        registry,
        MetricNames.BROKERS_ANSWER,
        "All brokers that the stream needs last answered",
        outside.brokers()::timestamp);
    timestamp(
        registry,
        MetricNames.REGISTRY_ANSWER,
        "The Schema Registry last answered",
        outside.registry()::timestamp);
  }

  /** In seconds, as Prometheus' functions want them; NaN for never. */
  private static void timestamp(
      MeterRegistry registry, String name, String description, Supplier<OptionalLong> millis) {
    gauge(registry, name, description + ", Unix time", () -> known(millis.get()) / 1e3);
  }

  static void bindReady(MeterRegistry registry, BooleanSupplier ready) {
    gauge(
        registry,
        MetricNames.READY,
        "1 while records are explained, or would be; what /health/ready says",
        () -> OptionalLong.of(ready.getAsBoolean() ? 1 : 0));
  }

  static void bindFallback(MeterRegistry registry, String model, BooleanSupplier fellBack) {
    Gauge.builder(MetricNames.ENGINE_FALLBACK, () -> fellBack.getAsBoolean() ? 1 : 0)
        .description("1 since the engine disagreed with the layers computed one by one")
        .tag(MetricNames.MODEL, model)
        .strongReference(true)
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, Supplier<OptionalLong> value) {
    gauge(registry, name, description, () -> known(value.get()));
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private static double known(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : Double.NaN;
  }
}
