package io.attribution.stream.monitoring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
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

  /**
   * @param lag input records that this instance is behind
   */
  static void bindLag(MeterRegistry registry, Supplier<OptionalLong> lag) {
    gauge(
        registry,
        MetricNames.LAG,
        "Input records that wait on the partitions of this instance",
        lag);
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
    Gauge.builder(name, () -> known(value.get()))
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private static double known(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : Double.NaN;
  }
}
