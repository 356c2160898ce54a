package io.attribution.stream.monitoring;

import io.attribution.stream.webhook.DeliveryListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.apache.kafka.streams.KafkaStreams;

/** All metrics of one instance, and their exposition. */
public final class Monitoring implements AutoCloseable {
  /** The media type of {@link #scrape}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final StreamMetrics stream;
  private final AlertMetrics alerts;
  private final Deque<AutoCloseable> bound = new ArrayDeque<>();

  /**
   * @param models the names of the loaded models: the only values of the label
   */
  public Monitoring(List<String> models) {
    // Kafka's metrics per connection and per topic are unbounded.
    registry
        .config()
        .meterFilter(MeterFilter.deny(id -> id.getTag("node.id") != null))
        .meterFilter(MeterFilter.denyNameStartsWith("kafka.admin"))
        // Generated at every start, which would create new time series. Emptied, not removed:
        // Kafka's binder distinguishes meters of one name by their number of labels.
        .meterFilter(MeterFilter.replaceTagValues("process.id", id -> ""));
    this.stream = new StreamMetrics(registry, models);
    this.alerts = new AlertMetrics(registry, models);
    bindJvm();
  }

  private void bindJvm() {
    JvmGcMetrics collector = new JvmGcMetrics();
    bound.push(collector);
    List<MeterBinder> binders =
        List.of(
            collector,
            new ClassLoaderMetrics(),
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new UptimeMetrics());
    binders.forEach(binder -> binder.bindTo(registry));
    InstanceMetrics.bindMemory(registry);
  }

  /** Adds Kafka Streams' own metrics; they end with {@link #close}. */
  public void bind(KafkaStreams streams) {
    KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams);
    bound.push(metrics);
    metrics.bindTo(registry);
  }

  /** Exposes when brokers and registry answered, what was committed and what waits. */
  public void watchOutside(Outside outside) {
    InstanceMetrics.bindOutside(registry, outside);
  }

  /**
   * Exposes whether a model's layers are computed one by one because the compiled engine disagreed.
   */
  public void watchFallback(String model, BooleanSupplier fellBack) {
    InstanceMetrics.bindFallback(registry, model, fellBack);
  }

  /** Exposes the result of the readiness probe. */
  public void watchReady(BooleanSupplier ready) {
    InstanceMetrics.bindReady(registry, ready);
  }

  /** Exposes the length of the on-demand queue, in rows. */
  public void watchQueue(IntSupplier rows) {
    Gauge.builder(MetricNames.QUEUE_ROWS, rows, IntSupplier::getAsInt)
        .description("Rows that wait to be explained on demand, or are being explained")
        .strongReference(true)
        .register(registry);
  }

  /** A counter of requests for explanations with this outcome. */
  public Runnable explainRequests(String outcome) {
    return Counter.builder(MetricNames.EXPLAIN_REQUESTS)
            .description("Requests for explanations by how they ended")
            .tag(MetricNames.OUTCOME, outcome)
            .register(registry)
        ::increment;
  }

  /** Registers the metrics of the webhook. */
  public DeliveryListener webhook() {
    return new WebhookMetrics(registry);
  }

  public StreamMetrics stream() {
    return stream;
  }

  public AlertMetrics alerts() {
    return alerts;
  }

  /** Everything in Prometheus' text format. */
  public String scrape() {
    return registry.scrape(CONTENT_TYPE);
  }

  @Override
  public void close() {
    bound.forEach(Monitoring::closeQuietly);
    registry.close();
  }

  private static void closeQuietly(AutoCloseable binder) {
    try {
      binder.close();
    } catch (Exception e) {
      throw new IllegalStateException("metrics cannot be ended", e);
    }
  }
}
