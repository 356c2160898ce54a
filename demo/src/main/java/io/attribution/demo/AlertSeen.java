package io.attribution.demo;

import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/**
 * A record of the alerts topic.
 *
 * @param kind linearity_error, attribution or input
 * @param open whether it opened or got worse; otherwise it was resolved
 */
record AlertSeen(
    String kind, boolean open, String severity, Optional<String> cause, String message) {
  static AlertSeen of(GenericRecord record) {
    return new AlertSeen(
        record.get("kind").toString(),
        record.get("state").toString().equals("open"),
        record.get("severity").toString(),
        Optional.ofNullable(record.get("probableCause")).map(Object::toString),
        record.get("message").toString());
  }
}
