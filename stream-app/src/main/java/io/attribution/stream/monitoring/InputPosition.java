package io.attribution.stream.monitoring;

/**
 * How far a partition of the input topic is done.
 *
 * @param partition its number
 * @param committed the next offset to be read after a restart
 * @param end the offset after the last record that may be read
 */
public record InputPosition(int partition, long committed, long end) {
  /** Records that are not done yet. */
  long waiting() {
    return Math.max(0, end - committed);
  }
}
