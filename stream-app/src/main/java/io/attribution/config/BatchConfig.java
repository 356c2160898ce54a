package io.attribution.config;

import io.attribution.batch.BatchPolicy;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

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
            "Bytes of input values that make a batch full.")
        .define(
            LINGER,
            Type.LONG,
            3L,
            Range.between(1, 60_000),
            Importance.MEDIUM,
            "Longest time that a row waits for others, in milliseconds.");
  }

  static BatchConfig of(AbstractConfig config) {
    return new BatchConfig(
        config.getInt(MAX_RECORDS),
        config.getInt(MAX_BYTES),
        Duration.ofMillis(config.getLong(LINGER)));
  }

  public BatchPolicy policy() {
    return new BatchPolicy(maxRecords, maxBytes, linger);
  }
}
