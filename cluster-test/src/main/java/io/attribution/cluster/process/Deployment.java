package io.attribution.cluster.process;

import io.attribution.cluster.feed.Feed;
import io.attribution.cluster.feed.Feeder;
import io.attribution.local.LocalRegistry;
import io.attribution.local.RegistryProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * All that the faults act upon.
 *
 * @param registry the registry itself
 * @param proxy the way of the instances to it
 * @param base how many instances run between faults
 */
public record Deployment(
    Brokers brokers,
    LocalRegistry registry,
    RegistryProxy proxy,
    Instances instances,
    Feeder feeder,
    int base)
    implements AutoCloseable {

  /**
   * What to start.
   *
   * @param directory for logs, records and state
   * @param settings of the application, besides addresses
   * @param rate records per second
   */
  public record Plan(
      Checkout checkout,
      Path directory,
      Map<String, String> settings,
      int partitions,
      int instances,
      int rate,
      long seed) {
    public Plan {
      settings = Map.copyOf(settings);
    }
  }

  /** Starts everything; returns when the instances are ready. The feeder has not begun. */
  public static Deployment start(Plan plan) throws IOException, InterruptedException {
    Brokers brokers = Brokers.start(plan.directory(), plan.checkout());
    createInput(brokers, plan.partitions());
    LocalRegistry registry = LocalRegistry.start();
    RegistryProxy proxy = RegistryProxy.start(registry.url());
    Map<String, String> settings = new HashMap<>(plan.settings());
    settings.put("bundles", plan.checkout().bundle().toString());
    settings.put("bootstrap.servers", brokers.bootstrapServers());
    settings.put("schema.registry.url", proxy.url());
    settings.put("application.id", Application.ID);
    Application application = new Application(plan.checkout(), plan.directory(), settings);
    application.createTopics(plan.partitions());
    brokers.requireReplicated(
        List.of(
            Application.TOPICS.features(),
            Application.TOPICS.projected(),
            Application.TOPICS.reduced(),
            Application.TOPICS.deadLetter()));
    Instances instances = new Instances(application);
    instances.scaleUp(plan.instances());
    instances.awaitReady();
    return new Deployment(
        brokers, registry, proxy, instances, feeder(plan, brokers, registry), plan.instances());
  }

  private static Feeder feeder(Plan plan, Brokers brokers, LocalRegistry registry)
      throws IOException {
    Feeder.Target target =
        new Feeder.Target(
            brokers.bootstrapServers(),
            registry.url(),
            Application.TOPICS.features(),
            plan.partitions());
    return new Feeder(target, plan.seed(), Feed.rows(plan.checkout()), plan.rate());
  }

  /** The input takes every event time; {@code topics create} does the same for the outputs. */
  private static void createInput(Brokers brokers, int partitions) throws InterruptedException {
    String every = String.valueOf(Long.MAX_VALUE);
    NewTopic input =
        new NewTopic(Application.TOPICS.features(), Optional.of(partitions), Optional.empty())
            .configs(
                Map.of(
                    TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, every,
                    TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, every));
    try {
      brokers.admin().createTopics(List.of(input)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the input topic was not created: " + e.getCause(), e);
    }
  }

  @Override
  public void close() throws IOException {
    feeder.close();
    instances.close();
    proxy.close();
    registry.close();
    brokers.close();
  }
}
