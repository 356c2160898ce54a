package io.attribution.stream.broker;

import io.attribution.engine.attribution.Rejected.Reason;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record that was written to the input topic, and what has to become of it.
 *
 * @param position where it stands, as partition@offset
 */
record Sent(ProducerRecord<byte[], byte[]> record, String position, Fate fate) {

  /** What has to become of a record. */
  sealed interface Fate {
    /**
     * It is explained.
     *
     * @param row its number among the rows of its example
     */
    record Explained(Example example, int row, Optional<String> recordId) implements Fate {}

    /** It becomes a dead letter. */
    record Refused(Reason reason) implements Fate {}
  }

  boolean isExplained() {
    return fate instanceof Fate.Explained;
  }
}
