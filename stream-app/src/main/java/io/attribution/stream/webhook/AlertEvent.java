package io.attribution.stream.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.drift.Origin;
import io.attribution.schema.DriftAlert;
import io.attribution.stream.json.AlertDocument;
import io.attribution.stream.json.Json;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * An alert as a CloudEvent in structured mode: the attributes of the record's headers, and the
 * {@link AlertDocument} as data.
 *
 * <p>Source: CloudEvents 1.0.2, JSON Event Format, section 3.
 */
final class AlertEvent {
  static final String MEDIA_TYPE = "application/cloudevents+json; charset=utf-8";

  private static final String ATTRIBUTE = "ce_";

  private AlertEvent() {}

  /**
   * @param record of the alerts topic
   * @param alert the record's value
   */
  static byte[] json(ConsumerRecord<byte[], byte[]> record, DriftAlert alert) {
    // The required attributes first: records of other writers may have no headers.
    ObjectNode event =
        Json.object()
            .put("specversion", "1.0")
            .put("id", new Origin(record.topic(), record.partition(), record.offset()).toString())
            .put("source", "/attribution-streams")
            .put("type", "io.attribution.alert." + alert.getState());
    for (Header header : record.headers()) {
      if (header.key().startsWith(ATTRIBUTE) && header.value() != null) {
        event.put(
            header.key().substring(ATTRIBUTE.length()),
            new String(header.value(), StandardCharsets.UTF_8));
      }
    }
    event.put("datacontenttype", "application/json").set("data", AlertDocument.of(alert));
    return Json.bytes(event);
  }
}
