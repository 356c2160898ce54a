package io.attribution.stream.monitoring;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.topology.BatchListener;
import io.attribution.stream.topology.DrainedBatch;
import io.attribution.stream.topology.DrainedBatch.Trigger;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The metrics of the stream. Every meter is registered at start, with the labels of the loaded
 * models only, so that a value of 0 differs from no value.
 */
public final class StreamMetrics implements BatchListener {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2)
  };

  private final Map<String, ModelMeters> models = new LinkedHashMap<>();
  private final Map<Reason, Counter> deadLetters = new EnumMap<>(Reason.class);
  private final Counter unasked;
  private final Timer decode;
  private final Timer explain;
  private final Timer forward;

  StreamMetrics(MeterRegistry registry, List<String> models) {
    models.forEach(model -> this.models.put(model, new ModelMeters(registry, model)));
    for (Reason reason : Reason.values()) {
      deadLetters.put(
          reason,
          Counter.builder(MetricNames.DEAD_LETTERS)
              .description("Records that cannot be explained")
              .tag(MetricNames.REASON, reason.label())
              .register(registry));
    }
    this.unasked = ModelMeters.records(registry, MetricNames.NO_MODEL, "dead_letter");
    this.decode = stage(registry, "decode");
    this.explain = stage(registry, "explain");
    this.forward = stage(registry, "forward");
  }

  private static Timer stage(MeterRegistry registry, String stage) {
    return Timer.builder(MetricNames.STAGE)
        .description("Time per batch; decode is estimated from one record in 32")
        .tag(MetricNames.STAGE_LABEL, stage)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  @Override
  public void drained(DrainedBatch batch) {
    decode.record(Duration.ofNanos(batch.decodeNanos()));
    explain.record(Duration.ofNanos(batch.explainNanos()));
    forward.record(Duration.ofNanos(batch.forwardNanos()));
    ModelMeters meters = models.get(batch.model().name());
    if (meters != null) {
      meters.drained(batch);
    }
  }

  @Override
  public void rejected(Optional<ModelIdentity> model, Reason reason) {
    Counter byReason = deadLetters.get(reason);
    if (byReason != null) {
      byReason.increment();
    }
    ModelMeters meters = model.map(ModelIdentity::name).map(models::get).orElse(null);
    if (meters == null) {
      unasked.increment();
    } else {
      meters.rejected();
    }
  }

  /** The figures since the start. */
  public StreamFigures figures() {
    Map<String, Long> drains = new LinkedHashMap<>();
    for (Trigger trigger : Trigger.values()) {
      drains.put(
          trigger.label(), sum(models.values().stream().map(model -> model.drains(trigger))));
    }
    Map<String, Long> reasons = new LinkedHashMap<>();
    deadLetters.forEach(
        (reason, counter) -> {
          if (counter.count() > 0) {
            reasons.put(reason.label(), (long) counter.count());
          }
        });
    Map<String, Double> stages = new LinkedHashMap<>();
    stages.put("decode", mean(decode));
    stages.put("explain", mean(explain));
    stages.put("forward", mean(forward));
    return new StreamFigures(
        sum(models.values().stream().map(ModelMeters::explained)),
        meanRows(),
        models.values().stream()
            .map(ModelMeters::rows)
            .mapToDouble(DistributionSummary::max)
            .max()
            .orElse(0),
        drains,
        stages,
        reasons);
  }

  private double meanRows() {
    double rows = 0;
    long batches = 0;
    for (ModelMeters model : models.values()) {
      rows += model.rows().totalAmount();
      batches += model.rows().count();
    }
    return batches == 0 ? 0 : rows / batches;
  }

  private static double mean(Timer timer) {
    return timer.mean(java.util.concurrent.TimeUnit.MILLISECONDS);
  }

  private static long sum(java.util.stream.Stream<Counter> counters) {
    return (long) counters.mapToDouble(Counter::count).sum();
  }
}
