package io.attribution.stream.cli;

import io.attribution.engine.bundle.BundleLoader;
import io.attribution.stream.app.KafkaTopics;
import io.attribution.stream.app.MessageSizes;
import io.attribution.stream.app.StreamsSettings;
import io.attribution.stream.app.TopicPlan;
import io.attribution.stream.app.TopicPlan.PlannedTopic;
import io.attribution.stream.app.TopicPlan.Timestamps;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.topics.TopicLimits;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The topics of a configuration. */
@Command(
    name = "topics",
    description = "The topics that a configuration needs.",
    subcommands = AclsCommand.class)
final class TopicsCommand implements Runnable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command: create or acls");
  }

  @Command(
      name = "create",
      description = {
        "Creates the topics that are not there; those that are stay as they are.",
        "",
        "max.message.bytes is sized from the bundles, so that the largest contribution matrix fits.",
        "Outputs take every timestamp that the input takes."
      })
  void create(
      @Mixin ConfigOptions options,
      @Option(
              names = "--partitions",
              paramLabel = "N",
              defaultValue = "6",
              converter = PositiveInt.class,
              description = "Partitions of each topic. Default: ${DEFAULT-VALUE}.")
          int partitions,
      @Option(
              names = "--replication-factor",
              paramLabel = "N",
              defaultValue = "-1",
              description = "Replicas of each partition. Default: what the brokers do.")
          short replicationFactor,
      @Option(
              names = "--compression",
              paramLabel = "TYPE",
              defaultValue = "producer",
              description =
                  "compression.type of the topics; 'producer' keeps what the application writes."
                      + " Default: ${DEFAULT-VALUE}.")
          String compression,
      @Option(names = "--dry-run", description = "Only say what would be created.")
          boolean dryRun) {
    AppConfig config = options.load();
    MessageSizes sizes =
        MessageSizes.of(config.models().bundles().stream().map(BundleLoader::load).toList());
    try (KafkaTopics topics = new KafkaTopics(StreamsSettings.of(config, sizes), TIMEOUT)) {
      Set<String> present = topics.names();
      TopicPlan plan = plan(config, sizes, topics, present);
      Map<String, TopicLimits> limits =
          topics.limits(
              plan.topics().stream().map(PlannedTopic::name).filter(present::contains).toList());
      PrintWriter out = spec.commandLine().getOut();
      for (PlannedTopic topic : plan.topics()) {
        if (present.contains(topic.name())) {
          out.println(topic.name() + ": exists" + advice(topic, plan.topics().get(0), limits));
          continue;
        }
        if (!dryRun) {
          topics.create(
              topic,
              new NewTopic(topic.name(), partitions, replicationFactor)
                  .configs(Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, compression)));
        }
        out.printf(
            "%s: %s, %d partitions, messages up to %d bytes (%s)%n",
            topic.name(),
            dryRun ? "would be created" : "created",
            partitions,
            topic.maxMessageBytes(),
            topic.purpose());
      }
    }
  }

  /** The limit of an existing input topic decides how large messages may get. */
  private static TopicPlan plan(
      AppConfig config, MessageSizes sizes, KafkaTopics topics, Set<String> present) {
    String features = config.topics().names().features();
    return TopicPlan.of(
        config,
        present.contains(features)
            ? sizes.withInputLimit(
                topics
                    .limits(List.of(features))
                    .getOrDefault(features, TopicLimits.NONE)
                    .maxMessageBytes())
            : sizes);
  }

  private static String advice(
      PlannedTopic topic, PlannedTopic input, Map<String, TopicLimits> limits) {
    TopicLimits known = limits.getOrDefault(topic.name(), TopicLimits.NONE);
    List<String> advice = new ArrayList<>();
    if (known.maxMessageBytes() < topic.maxMessageBytes()) {
      advice.add(
          "allows messages of %d bytes; raise its max.message.bytes to %d"
              .formatted(known.maxMessageBytes(), topic.maxMessageBytes()));
    }
    if (topic.timestamps() == Timestamps.KEPT) {
      advice.addAll(known.stricterThan(limits.getOrDefault(input.name(), TopicLimits.NONE)));
    }
    return advice.isEmpty() ? "" : ", but " + String.join(", and ", advice);
  }
}
