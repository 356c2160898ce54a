package io.attribution.stream.monitoring;

import io.attribution.stream.serde.Verified;
import io.attribution.stream.topology.DrainedBatch;
import io.attribution.stream.topology.DrainedBatch.Trigger;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.DoubleAccumulator;

/** One model's meters. */
final class ModelMeters {
  private final Counter explained;
  private final Counter rejected;
  private final DistributionSummary rows;
  private final Map<Trigger, Counter> drains = new EnumMap<>(Trigger.class);

  /** NaN before the first batch: 0 would be a value that was not measured. */
  private final DoubleAccumulator worst = new DoubleAccumulator(ModelMeters::larger, Double.NaN);

  private volatile double relativeError = Double.NaN;
  private volatile double tolerance = Double.NaN;

  ModelMeters(MeterRegistry registry, String model) {
    this.explained = records(registry, model, "explained");
    this.rejected = records(registry, model, "dead_letter");
    this.rows =
        DistributionSummary.builder(MetricNames.BATCH_ROWS)
            .description("Rows of a batch")
            .tag(MetricNames.MODEL, model)
            .register(registry);
    for (Trigger trigger : Trigger.values()) {
      drains.put(
          trigger,
          Counter.builder(MetricNames.DRAINS)
              .description("Batches by what made them due")
              .tag(MetricNames.MODEL, model)
              .tag(MetricNames.TRIGGER, trigger.label())
              .register(registry));
    }
    Gauge.builder(MetricNames.RELATIVE_ERROR, this, meters -> meters.relativeError)
        .description(
            "Linearity error of the last batch, relative to its largest output; known with it")
        .tag(MetricNames.MODEL, model)
        .register(registry);
    Gauge.builder(MetricNames.TOLERANCE, this, meters -> meters.tolerance)
        .description("Largest relative error that counts as exact; known with the first batch")
        .tag(MetricNames.MODEL, model)
        .register(registry);
    Gauge.builder(MetricNames.RELATIVE_ERROR_MAX, worst, DoubleAccumulator::get)
        .description("Linearity error of the worst record since the start")
        .tag(MetricNames.MODEL, model)
        .register(registry);
  }

  private static double larger(double a, double b) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
  }

  static Counter records(MeterRegistry registry, String model, String outcome) {
    return Counter.builder(MetricNames.RECORDS)
        .description("Input records by what became of them")
        .tag(MetricNames.MODEL, model)
        .tag(MetricNames.OUTCOME, outcome)
        .register(registry);
  }

  void drained(DrainedBatch batch) {
    rows.record(batch.rows());
    drains(batch.trigger()).increment();
    batch.verified().ifPresent(this::verified);
  }

  private void verified(Verified batch) {
    explained.increment((double) batch.summary().count());
    tolerance = batch.model().tolerance();
    relativeError = batch.summary().relativeError();
    worst.accumulate(batch.worstRelativeError());
  }

  void rejected() {
    rejected.increment();
  }

  Counter explained() {
    return explained;
  }

  DistributionSummary rows() {
    return rows;
  }

  Counter drains(Trigger trigger) {
    return Objects.requireNonNull(drains.get(trigger));
  }
}
