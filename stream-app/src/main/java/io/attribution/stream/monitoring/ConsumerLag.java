package io.attribution.stream.monitoring;

import java.util.Collection;
import java.util.OptionalLong;
import org.apache.kafka.common.Metric;

/** The lag of this instance's consumers in records, from their own metrics. */
public final class ConsumerLag {
  private ConsumerLag() {}

  /**
   * @param metrics of Kafka Streams
   * @return the sum over the assigned partitions; empty before the first records
   */
  public static OptionalLong of(Collection<? extends Metric> metrics, String topic) {
    double lag = 0;
    boolean known = false;
    for (Metric metric : metrics) {
      if (metric.metricName().name().equals("records-lag")
          && topic.equals(metric.metricName().tags().get("topic"))
          && metric.metricValue() instanceof Double value
          && Double.isFinite(value)) {
        lag += value;
        known = true;
      }
    }
    return known ? OptionalLong.of((long) lag) : OptionalLong.empty();
  }
}
