package io.attribution.stream.app;

import io.attribution.stream.topics.TopicLimits;
import io.attribution.stream.topology.OutputRules;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is known of the topics' limits current: reads them again after a broker refused an
 * output, and every minute while known limits turn records into dead letters, because the operator
 * may have raised them.
 */
final class OutputLimits implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutputLimits.class);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
  private static final long INTERVAL_SECONDS = 60;

  private final OutputRules rules;
  private final Properties settings;
  private final Set<String> topics;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "topic-limits");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param settings Kafka Streams' settings, for the connection
   * @param limits what each topic takes now
   */
  OutputLimits(OutputRules rules, Properties settings, Map<String, TopicLimits> limits) {
    this.rules = rules;
    this.settings = settings;
    this.topics = Set.copyOf(limits.keySet());
    rules.limit(limits);
  }

  OutputRules rules() {
    return rules;
  }

  void start() {
    // It never ends: reading throws nothing.
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(
            this::readWhenApplied, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
  }

  private void readWhenApplied() {
    if (rules.takeApplied()) {
      read();
    }
  }

  /** {@link OutputRules#takeLearned}; when it is so, all other limits are read as well. */
  boolean takeLearned() {
    boolean learned = rules.takeLearned();
    if (learned) {
      read();
    }
    return learned;
  }

  private void read() {
    try (KafkaTopics kafka = new KafkaTopics(settings, READ_TIMEOUT)) {
      rules.limit(kafka.limits(topics));
    } catch (RuntimeException e) {
      // The limits of the last time stay; what they do not know is learned again.
      LOG.warn("the limits of the topics cannot be read: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
