package io.attribution.stream.config;

import io.attribution.stream.pending.BatchPolicy;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * When a batch is computed.
 *
 * @param maxRecords rows that make a batch full
 * @param maxBytes bytes of input values that make a batch full
 * @param linger how long a row waits for others
 */
public record BatchConfig(int maxRecords, int maxBytes, Duration linger) {
  public static final String MAX_RECORDS = "batch.max.records";
  public static final String MAX_BYTES = "batch.max.bytes";
  public static final String LINGER = "batch.linger.ms";

  /** Under exactly-once results wait for the commit: a shorter linger gains nothing. */
  private static final long EXACTLY_ONCE_LINGER_MS = 5;

  /** Under at-least-once results wait for nothing else; measured, see docs/decisions/0003. */
  private static final long AT_LEAST_ONCE_LINGER_MS = 3;

  static ConfigDef define(ConfigDef def) {
    return def.define(
            MAX_RECORDS,
            Type.INT,
            1024,
            Range.between(1, 1 << 16),
            Importance.MEDIUM,
            "Rows that make a batch full. Wide models may get less, so that memory stays bounded.")
        .define(
            MAX_BYTES,
            Type.INT,
            8 << 20,
            Range.atLeast(1024),
            Importance.LOW,
            "Bytes of input records, with keys and headers, that make a batch full.")
        .define(
            LINGER,
            Type.LONG,
            EXACTLY_ONCE_LINGER_MS,
            Range.between(1, 60_000),
            Importance.MEDIUM,
            "Longest time that a row waits for others, in milliseconds. The default is 3 under"
                + " at-least-once.");
  }

  /**
   * @param guarantee the value of processing.guarantee; null when the user set none
   */
  static BatchConfig of(AbstractConfig config, @Nullable String guarantee) {
    long linger =
        StreamsConfig.AT_LEAST_ONCE.equals(guarantee) && !config.originals().containsKey(LINGER)
            ? AT_LEAST_ONCE_LINGER_MS
            : config.getLong(LINGER);
    return new BatchConfig(
        config.getInt(MAX_RECORDS), config.getInt(MAX_BYTES), Duration.ofMillis(linger));
  }

  public BatchPolicy policy() {
    return new BatchPolicy(maxRecords, maxBytes, linger);
  }
}
