package io.attribution.stream.topics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a topic's brokers refuse a record.
 *
 * @param maxMessageBytes the largest message, compressed
 * @param beforeMaxMillis how far a timestamp may lie behind the broker's clock
 * @param afterMaxMillis how far it may lie ahead
 * @param compacted whether every record needs a key
 */
public record TopicLimits(
    long maxMessageBytes, long beforeMaxMillis, long afterMaxMillis, boolean compacted) {
  /** Takes everything. */
  public static final TopicLimits NONE =
      new TopicLimits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, false);

  /** Brokers before 3.6 have one limit for both directions. */
  private static final String DIFFERENCE = "message.timestamp.difference.max.ms";

  /** The clocks of this machine and of the brokers may differ by this much. */
  private static final long CLOCK_MARGIN_MILLIS = 60_000;

  /**
   * The limits in a topic's configuration.
   *
   * @param config a setting's value by its name; null when the broker does not know the setting
   */
  public static TopicLimits of(UnaryOperator<@Nullable String> config) {
    boolean overwritten =
        "LogAppendTime".equals(config.apply(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
    String cleanup = config.apply(TopicConfig.CLEANUP_POLICY_CONFIG);
    return new TopicLimits(
        number(config.apply(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)),
        overwritten
            ? Long.MAX_VALUE
            : millis(config, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
        overwritten
            ? Long.MAX_VALUE
            : millis(config, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
        cleanup != null && cleanup.contains(TopicConfig.CLEANUP_POLICY_COMPACT));
  }

  private static long millis(UnaryOperator<@Nullable String> config, String name) {
    String limit = config.apply(name);
    return number(limit == null ? config.apply(DIFFERENCE) : limit);
  }

  private static long number(@Nullable String value) {
    return value == null ? Long.MAX_VALUE : Long.parseLong(value);
  }

  /**
   * Why the topic refuses a record: the rule and its setting.
   *
   * @param timestamp milliseconds since the epoch
   * @param now the present
   */
  public Optional<String> refusal(boolean hasKey, long timestamp, long now) {
    if (compacted && !hasKey) {
      return Optional.of("it is compacted (cleanup.policy), and the record has no key");
    }
    if (timestamp < earliest(now)) {
      return Optional.of(
          outOfRange(
              timestamp,
              "before",
              TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
              beforeMaxMillis));
    }
    if (timestamp > latest(now)) {
      return Optional.of(
          outOfRange(
              timestamp,
              "after",
              TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
              afterMaxMillis));
    }
    return Optional.empty();
  }

  private static String outOfRange(long timestamp, String side, String setting, long limit) {
    return "the record's timestamp %s is too far %s the present (%s=%d)"
        .formatted(Instant.ofEpochMilli(timestamp), side, setting, limit);
  }

  /** What this topic refuses by its configuration and another one takes, a sentence each. */
  public List<String> stricterThan(TopicLimits other) {
    List<String> rules = new ArrayList<>();
    if (beforeMaxMillis < other.beforeMaxMillis) {
      rules.add(
          "refuses older records than the input does (%s=%d)"
              .formatted(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, beforeMaxMillis));
    }
    if (afterMaxMillis < other.afterMaxMillis) {
      rules.add(
          "refuses timestamps in the future that the input takes (%s=%d)"
              .formatted(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, afterMaxMillis));
    }
    if (compacted && !other.compacted) {
      rules.add("refuses records without a key (cleanup.policy contains compact)");
    }
    return rules;
  }

  /** The timestamp that the topic takes and that is nearest to this one. */
  public long nearest(long timestamp, long now) {
    long earliest = Math.min(now, earliest(now) + margin(beforeMaxMillis));
    long latest = Math.max(now, latest(now) - margin(afterMaxMillis));
    return timestamp < earliest(now) ? earliest : timestamp > latest(now) ? latest : timestamp;
  }

  private static long margin(long limit) {
    return Math.min(CLOCK_MARGIN_MILLIS, limit / 2);
  }

  private long earliest(long now) {
    return Math.max(0, now - beforeMaxMillis);
  }

  private long latest(long now) {
    return afterMaxMillis > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + afterMaxMillis;
  }
}
