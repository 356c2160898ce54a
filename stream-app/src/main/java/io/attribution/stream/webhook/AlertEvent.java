package io.attribution.stream.webhook;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.drift.Origin;
import io.attribution.stream.serde.AvroFields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * An alert as a CloudEvent in structured mode: the attributes of the record's headers, and as data
 * what the HTTP API tells of the alert.
 *
 * <p>Source: CloudEvents 1.0.2, JSON Event Format, section 3.
 */
final class AlertEvent {
  static final String MEDIA_TYPE = "application/cloudevents+json; charset=utf-8";

  private static final String ATTRIBUTE = "ce_";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET).build();

  private AlertEvent() {}

  /**
   * @param alert the record's value, a DriftAlert
   */
  static byte[] json(ConsumerRecord<byte[], byte[]> record, GenericRecord alert) {
    ObjectNode event = JSON.objectNode();
    // What a record must have that was not written by this application.
    event.put("specversion", "1.0");
    event.put("id", new Origin(record.topic(), record.partition(), record.offset()).toString());
    event.put("source", "/attribution-streams");
    event.put("type", "io.attribution.alert." + alert.get("state"));
    for (Header header : record.headers()) {
      if (header.key().startsWith(ATTRIBUTE) && header.value() != null) {
        event.put(
            header.key().substring(ATTRIBUTE.length()),
            new String(header.value(), StandardCharsets.UTF_8));
      }
    }
    event.put("datacontenttype", "application/json");
    event.set("data", data(alert));
    return bytes(event);
  }

  private static byte[] bytes(ObjectNode event) {
    try {
      return MAPPER.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static ObjectNode data(GenericRecord alert) {
    ObjectNode data = JSON.objectNode();
    for (String name : List.of("model", "version", "bundle", "kind", "state", "severity")) {
      data.put(name, AvroFields.text(alert, name));
    }
    data.put("since", AvroFields.whole(alert, "since"));
    data.put("at", AvroFields.whole(alert, "at"));
    data.put("detector", AvroFields.text(alert, "detector"));
    number(data, "statistic", alert);
    number(data, "threshold", alert);
    data.put("probableCause", AvroFields.optionalText(alert, "probableCause").orElse(null));
    data.set("worst", worst((GenericRecord) alert.get("worst")));
    data.set("features", features((List<?>) alert.get("features")));
    data.put("message", AvroFields.text(alert, "message"));
    data.put("id", AvroFields.text(alert, "alertId"));
    return data;
  }

  private static @Nullable ObjectNode worst(@Nullable GenericRecord source) {
    if (source == null) {
      return null;
    }
    Origin origin = AvroFields.origin(source);
    return JSON.objectNode()
        .put("topic", origin.topic())
        .put("partition", origin.partition())
        .put("offset", origin.offset())
        .put("id", origin.toString());
  }

  private static ArrayNode features(List<?> shifts) {
    ArrayNode features = JSON.arrayNode();
    for (Object shift : shifts) {
      GenericRecord fields = (GenericRecord) shift;
      ObjectNode feature = features.addObject().put("feature", AvroFields.text(fields, "feature"));
      number(feature, "statistic", fields);
      feature.put("what", AvroFields.text(fields, "what"));
    }
    return features;
  }

  /** JSON has no infinity, and no NaN. */
  private static void number(ObjectNode json, String name, GenericRecord fields) {
    double value = AvroFields.number(fields, name);
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }
}
