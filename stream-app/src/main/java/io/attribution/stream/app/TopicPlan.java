package io.attribution.stream.app;

import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.OutputsConfig;
import io.attribution.stream.topics.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * The topics of a configuration and the sizes of their messages.
 *
 * @param topics input first
 */
public record TopicPlan(List<PlannedTopic> topics) {
  /**
   * One topic.
   *
   * @param purpose what the topic holds, for messages
   * @param requiredBytes the smallest max.message.bytes that holds the models' own vectors
   * @param maxMessageBytes the max.message.bytes that holds the outputs of every record that fits
   *     the input topic
   * @param timestamps whose timestamps its records have
   */
  public record PlannedTopic(
      String name,
      String purpose,
      long requiredBytes,
      long maxMessageBytes,
      Timestamps timestamps) {}

  /** Whose timestamps a topic's records have. */
  public enum Timestamps {
    /** The producers'. */
    INPUT,
    /** The input records', with their keys. */
    KEPT,
    /** Where the topic refuses a timestamp, the nearest that it takes. */
    FITTED
  }

  /** The names of a configuration's topics, the input first. */
  static List<String> names(AppConfig config) {
    return of(config, MessageSizes.of(List.of())).topics().stream()
        .map(PlannedTopic::name)
        .toList();
  }

  public static TopicPlan of(AppConfig config, MessageSizes sizes) {
    Topics names = config.topics().names();
    OutputsConfig outputs = config.outputs();
    List<PlannedTopic> topics = new ArrayList<>();
    MessageSizes vectors = sizes.withInputLimit(0);
    topics.add(
        new PlannedTopic(
            names.features(),
            "feature records, the input",
            vectors.inputVector(),
            sizes.features(),
            Timestamps.INPUT));
    if (outputs.has(OutputsConfig.PROJECTED)) {
      topics.add(
          new PlannedTopic(
              names.projected(),
              "contribution matrices",
              vectors.projected(),
              sizes.projected(),
              Timestamps.KEPT));
    }
    if (outputs.has(OutputsConfig.REDUCED)) {
      topics.add(
          new PlannedTopic(
              names.reduced(),
              "reduced contributions",
              vectors.reduced(),
              sizes.reduced(),
              Timestamps.KEPT));
    }
    if (outputs.has(OutputsConfig.VERIFICATION)) {
      topics.add(
          new PlannedTopic(
              names.verification(),
              "verification metrics",
              0,
              sizes.verification(),
              Timestamps.FITTED));
    }
    if (outputs.has(OutputsConfig.ALERTS)) {
      topics.add(
          new PlannedTopic(
              names.samples(),
              "a few explained records",
              vectors.sampled(),
              sizes.sample(),
              Timestamps.FITTED));
      topics.add(
          new PlannedTopic(
              names.windows(),
              "verification over windows of time",
              0,
              sizes.verification(),
              Timestamps.FITTED));
      topics.add(
          new PlannedTopic(names.alerts(), "alerts", 0, sizes.verification(), Timestamps.FITTED));
    }
    topics.add(
        new PlannedTopic(
            names.deadLetter(),
            "records not explained",
            sizes.features(),
            sizes.deadLetter(),
            Timestamps.FITTED));
    return new TopicPlan(List.copyOf(topics));
  }
}
