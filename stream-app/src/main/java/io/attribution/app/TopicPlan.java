package io.attribution.app;

import io.attribution.config.AppConfig;
import io.attribution.config.OutputsConfig;
import io.attribution.topology.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * The topics that a configuration needs and how large their messages get.
 *
 * @param topics input first
 */
public record TopicPlan(List<PlannedTopic> topics) {
  /** Kafka's own default for max.message.bytes: less is never asked for. */
  private static final long KAFKA_DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

  /**
   * One topic.
   *
   * @param purpose what stands in it, for people
   * @param maxMessageBytes what max.message.bytes must be at least
   */
  public record PlannedTopic(String name, String purpose, long maxMessageBytes) {}

  public static TopicPlan of(AppConfig config, MessageSizes sizes) {
    Topics names = config.topics().names();
    OutputsConfig outputs = config.outputs();
    List<PlannedTopic> topics = new ArrayList<>();
    topics.add(topic(names.features(), "feature records, the input", sizes.features()));
    if (outputs.has(OutputsConfig.PROJECTED)) {
      topics.add(topic(names.projected(), "contribution matrices", sizes.projected()));
    }
    if (outputs.has(OutputsConfig.REDUCED)) {
      topics.add(topic(names.reduced(), "reduced contributions", sizes.reduced()));
    }
    if (outputs.has(OutputsConfig.VERIFICATION)) {
      topics.add(topic(names.verification(), "verification metrics", sizes.verification()));
    }
    topics.add(topic(names.deadLetter(), "records not explained", sizes.deadLetter()));
    return new TopicPlan(List.copyOf(topics));
  }

  private static PlannedTopic topic(String name, String purpose, long bytes) {
    return new PlannedTopic(name, purpose, Math.max(KAFKA_DEFAULT_MAX_MESSAGE_BYTES, bytes));
  }
}
