package io.attribution.stream.monitoring;

import java.util.Collection;
import java.util.OptionalLong;
import org.apache.kafka.common.Metric;

/** How many input records this instance's consumers are behind, by their own account. */
public final class ConsumerLag {
  private ConsumerLag() {}

  /**
   * @param metrics of Kafka Streams
   * @return over the partitions that this instance reads; nothing before the first records
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
