package io.attribution.stream.broker;

import io.attribution.local.CommittedRecords;
import java.time.Duration;

/** How far the committed records of a topic reach, without reading them. */
final class Committed {
  private Committed() {}

  /** Waits until the last stable offsets of a topic add up to so many. */
  static void await(Cluster cluster, String topic, long offsets, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (var committed = CommittedRecords.bytes(cluster.endpoints.bootstrapServers(), topic)) {
      for (long end = committed.end(); end < offsets; end = committed.end()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(topic + " has " + end + ", not yet " + offsets);
        }
        Thread.sleep(20);
      }
    }
  }
}
