package io.attribution.stream.pending;

import java.time.Duration;

/**
 * When a batch of pending rows is computed: as soon as it is full, or when its oldest row has
 * waited for the linger. A slow model lingers longer: waiting for a part of a batch's compute time
 * adds little latency and makes fuller, cheaper batches.
 *
 * @param maxRecords a batch of this many rows is full
 * @param maxBytes a batch whose records are this large together is full
 * @param linger how long a row waits for others when batches are computed quickly
 */
public record BatchPolicy(int maxRecords, long maxBytes, Duration linger) {
  /** The linger of a slow model is the last batch's time divided by this. */
  private static final int WAITED_PART = 2;

  /** Bounds that linger: one slow batch may have been an accident. */
  private static final long WORTHWHILE_MILLIS = 100;

  public BatchPolicy {
    if (maxRecords < 1 || maxBytes < 1 || linger.isNegative() || linger.isZero()) {
      throw new IllegalArgumentException("a batch needs a row, a byte and a positive linger");
    }
  }

  /** Whether to drain now; called after a row was added. */
  public boolean isFull(int records, long bytes) {
    return records >= maxRecords || bytes >= maxBytes;
  }

  /**
   * @param waitedMillis how long the oldest row has waited
   * @param lastMillis how long the last batch took to be explained and forwarded
   */
  public boolean isDue(int records, long waitedMillis, long lastMillis) {
    long shortest = linger.toMillis();
    long worthwhile = Math.min(lastMillis / WAITED_PART, WORTHWHILE_MILLIS);
    return records > 0 && waitedMillis >= Math.max(shortest, worthwhile);
  }

  /** The same policy with at most this many rows, for a model whose results are large. */
  public BatchPolicy limitedTo(int records) {
    return new BatchPolicy(Math.min(maxRecords, records), maxBytes, linger);
  }
}
