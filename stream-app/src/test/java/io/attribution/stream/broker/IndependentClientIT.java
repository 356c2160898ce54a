package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.attribution.stream.app.Application;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The output topics through librdkafka and fastavro, which share no code with what wrote them. */
class IndependentClientIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void readsInPythonWhatJavaWrote() throws Exception {
    PythonReader python = PythonReader.install();
    try (Cluster cluster = Cluster.withPartitions(2)) {
      MixedFeed feed = MixedFeed.send(cluster.endpoints, cluster.topics.features(), 100, 50);
      try (Application application = Application.open(cluster.config(Example.bundles()))) {
        application.start();
        Published.await(cluster.endpoints, cluster.topics.projected(), 150, TIMEOUT);
        Published.await(
            cluster.endpoints, cluster.topics.deadLetter(), feed.refused().size(), TIMEOUT);
      }
      Published java = Published.readToEnd(cluster.endpoints, cluster.topics);

      Map<String, JsonNode> lines =
          byPosition(
              python.read(
                  cluster.endpoints,
                  List.of(
                      cluster.topics.projected(),
                      cluster.topics.reduced(),
                      cluster.topics.verification(),
                      cluster.topics.deadLetter())));

      assertThat(java.projected().size() + java.deadLetters().size()).isEqualTo(feed.sent().size());
      assertThat(lines)
          .hasSize(
              java.projected().size()
                  + java.reduced().size()
                  + java.verification().size()
                  + java.deadLetters().size());
      java.projected().forEach(record -> assertSameAvro(lines, record));
      java.reduced().forEach(record -> assertSameAvro(lines, record));
      java.verification().forEach(record -> assertSameAvro(lines, record));
      java.deadLetters().forEach(record -> assertSameBytes(lines, record));
    }
  }

  private static Map<String, JsonNode> byPosition(List<JsonNode> lines) {
    Map<String, JsonNode> byPosition = new HashMap<>();
    for (JsonNode line : lines) {
      String position =
          line.get("topic").textValue() + "-" + line.get("partition") + "@" + line.get("offset");
      assertThat(byPosition.put(position, line)).as(position).isNull();
    }
    return byPosition;
  }

  private static JsonNode envelope(Map<String, JsonNode> lines, ConsumerRecord<byte[], ?> record) {
    String position = record.topic() + "-" + record.partition() + "@" + record.offset();
    JsonNode line = lines.get(position);
    assertThat(line).as(position).isNotNull();
    assertText(line.get("key"), text(record.key()));
    assertThat(line.get("timestamp").longValue()).isEqualTo(record.timestamp());
    Header[] headers = record.headers().toArray();
    assertThat(line.get("headers")).hasSize(headers.length);
    for (int i = 0; i < headers.length; i++) {
      assertText(line.get("headers").get(i).get(0), headers[i].key());
      assertText(line.get("headers").get(i).get(1), text(headers[i].value()));
    }
    return line;
  }

  private static void assertSameAvro(
      Map<String, JsonNode> lines, ConsumerRecord<byte[], Object> record) {
    JsonNode line = envelope(lines, record);
    assertThat(line.get("schemaId").intValue()).isPositive();
    GenericRecord value = Fields.value(record);
    assertSame(line.get("value"), value.getSchema(), value);
  }

  private static void assertSameBytes(
      Map<String, JsonNode> lines, ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    assertText(
        envelope(lines, record).get("value"),
        value == null ? null : HexFormat.of().formatHex(value));
  }

  private static void assertSame(JsonNode json, Schema schema, @Nullable Object value) {
    if (value == null) {
      assertThat(json.isNull()).isTrue();
    } else if (value instanceof GenericRecord record) {
      assertThat(json).hasSize(record.getSchema().getFields().size());
      for (Schema.Field field : record.getSchema().getFields()) {
        assertSame(json.get(field.name()), field.schema(), record.get(field.pos()));
      }
    } else if (value instanceof List<?> list) {
      assertThat(json).hasSize(list.size());
      for (int i = 0; i < list.size(); i++) {
        assertSame(json.get(i), schema, list.get(i));
      }
    } else if (schema.getLogicalType() != null) {
      assertThat(OffsetDateTime.parse(json.textValue()).toInstant().toEpochMilli())
          .isEqualTo(value);
    } else if (value instanceof Number number) {
      // Python prints a float32 as the double that it is exactly.
      assertThat(json.isNumber()).isTrue();
      assertThat(json.doubleValue()).isEqualTo(number.doubleValue());
    } else if (value instanceof Boolean) {
      assertThat(json.isBoolean()).isTrue();
      assertThat(json.booleanValue()).isEqualTo(value);
    } else {
      assertText(json, value.toString());
    }
  }

  private static void assertText(JsonNode json, @Nullable String text) {
    assertThat(json.isNull() || json.isTextual()).isTrue();
    assertThat(json.textValue()).isEqualTo(text);
  }

  /** As the script prints bytes: text where they are UTF-8, hexadecimal digits elsewhere. */
  private static @Nullable String text(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return "0x" + HexFormat.of().formatHex(bytes);
    }
  }
}
