package io.attribution.stream.topology;

import io.attribution.drift.Alert;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Alerts as Kafka records that are CloudEvents 1.0 in binary mode as well: the value is the event's
 * data, its attributes are headers.
 *
 * <p>Source: CloudEvents, Kafka Protocol Binding 1.0.2, section 3.2.
 */
final class Alerts {
  private Alerts() {}

  static Record<byte[], Object> record(Alert alert) {
    byte[] key = alert.model().name().getBytes(StandardCharsets.UTF_8);
    return new Record<byte[], Object>(key, alert, alert.at()).withHeaders(headers(alert));
  }

  private static Headers headers(Alert alert) {
    Headers headers = new RecordHeaders();
    add(headers, "ce_specversion", "1.0");
    add(headers, "ce_id", alert.id() + "/" + alert.state() + "/" + alert.at());
    add(headers, "ce_source", "/attribution-streams/models/" + segment(alert.model().name()));
    add(headers, "ce_type", "io.attribution.alert." + alert.state());
    add(headers, "ce_subject", alert.alarm().kind().label());
    add(headers, "ce_time", Instant.ofEpochMilli(alert.at()).toString());
    add(headers, "content-type", "application/avro");
    return headers;
  }

  /** The source is a URI reference, and a model's name may be anything. */
  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
