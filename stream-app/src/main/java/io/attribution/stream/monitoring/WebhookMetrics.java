package io.attribution.stream.monitoring;

import io.attribution.stream.webhook.DeliveryListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Counts the outcomes of posted alerts. */
final class WebhookMetrics implements DeliveryListener {
  private final Map<Outcome, Counter> deliveries = new EnumMap<>(Outcome.class);
  private final Counter retries;

  WebhookMetrics(MeterRegistry registry) {
    for (Outcome outcome : Outcome.values()) {
      deliveries.put(
          outcome,
          Counter.builder(MetricNames.WEBHOOK_DELIVERIES)
              .description("Alerts by what became of their delivery")
              .tag(MetricNames.OUTCOME, outcome.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    this.retries =
        Counter.builder(MetricNames.WEBHOOK_RETRIES)
            .description("Tries to deliver an alert that failed and are made again")
            .register(registry);
  }

  @Override
  public void retried() {
    retries.increment();
  }

  @Override
  public void finished(Outcome outcome) {
    Objects.requireNonNull(deliveries.get(outcome)).increment();
  }
}
