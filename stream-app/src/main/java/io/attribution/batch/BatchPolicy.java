package io.attribution.batch;

import java.time.Duration;

/**
 * When a batch of pending rows is computed: as soon as it is full, or when its oldest row has
 * waited long enough.
 *
 * @param maxRecords a batch of this many rows is full
 * @param maxBytes a batch whose records are this large together is full
 * @param linger how long a row waits for others
 */
public record BatchPolicy(int maxRecords, long maxBytes, Duration linger) {

  public BatchPolicy {
    if (maxRecords < 1 || maxBytes < 1 || linger.isNegative() || linger.isZero()) {
      throw new IllegalArgumentException("a batch needs a row, a byte and a positive linger");
    }
  }

  /** Asked after a row was added. */
  public boolean isFull(int records, long bytes) {
    return records >= maxRecords || bytes >= maxBytes;
  }

  /**
   * @param waitedMillis how long the oldest row has waited
   */
  public boolean isDue(int records, long waitedMillis) {
    return records > 0 && waitedMillis >= linger.toMillis();
  }

  /** The same policy for a model whose results take more room. */
  public BatchPolicy limitedTo(int records) {
    return new BatchPolicy(Math.min(maxRecords, records), maxBytes, linger);
  }
}
