package io.attribution.stream.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.FeatureShift;
import io.attribution.schema.SourcePosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class AlertEventTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void tellsTheAlertAsTheApiDoes() throws IOException {
    JsonNode event = event(record(), generic(alert()));

    assertThat(event.get("data"))
        .isEqualTo(
            JSON.readTree(
                """
                {"model":"digits","version":"1","bundle":"f00","kind":"input","state":"open",
                 "severity":"warning","since":1000,"at":2000,"detector":"kolmogorov_smirnov",
                 "statistic":0.5,"threshold":0.1,"probableCause":null,
                 "worst":{"topic":"features","partition":2,"offset":12,"id":"features-2@12"},
                 "features":[{"feature":"pixel_3_4","statistic":0.5,"what":"input"}],
                 "message":"pixel_3_4 moved","id":"digits/1/input/features-2@12"}
                """));
  }

  @Test
  void isACloudEventWithTheAttributesOfTheRecordsHeaders() throws IOException {
    ConsumerRecord<byte[], byte[]> record = record();
    header(record, "ce_specversion", "1.0");
    header(record, "ce_id", "i/open/2000");
    header(record, "ce_source", "/attribution-streams/models/digits");
    header(record, "ce_type", "io.attribution.alert.open");
    header(record, "ce_subject", "input");
    header(record, "ce_time", "1970-01-01T00:00:02Z");
    header(record, "content-type", "application/avro");

    JsonNode event = event(record, generic(alert()));

    assertThat(event.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data");
    assertThat(event.get("id").asText()).isEqualTo("i/open/2000");
    assertThat(event.get("type").asText()).isEqualTo("io.attribution.alert.open");
    assertThat(event.get("time").asText()).isEqualTo("1970-01-01T00:00:02Z");
    assertThat(event.get("datacontenttype").asText()).isEqualTo("application/json");
  }

  @Test
  void isACloudEventAlsoWithoutHeaders() throws IOException {
    JsonNode event = event(record(), generic(alert()));

    assertThat(event.get("specversion").asText()).isEqualTo("1.0");
    assertThat(event.get("id").asText()).isEqualTo("attributions.alerts-1@7");
    assertThat(event.get("source").asText()).isNotEmpty();
    assertThat(event.get("type").asText()).isEqualTo("io.attribution.alert.open");
  }

  @Test
  void hasNullForWhatJsonCannotSay() throws IOException {
    DriftAlert alert =
        builder()
            .setStatistic(Double.POSITIVE_INFINITY)
            .setThreshold(Double.NaN)
            .setWorst(null)
            .build();

    JsonNode data = event(record(), generic(alert)).get("data");

    assertThat(data.get("statistic").isNull()).isTrue();
    assertThat(data.get("threshold").isNull()).isTrue();
    assertThat(data.get("worst").isNull()).isTrue();
  }

  private static JsonNode event(ConsumerRecord<byte[], byte[]> record, GenericRecord alert)
      throws IOException {
    return JSON.readTree(AlertEvent.json(record, alert));
  }

  private static ConsumerRecord<byte[], byte[]> record() {
    return new ConsumerRecord<>("attributions.alerts", 1, 7, new byte[0], new byte[0]);
  }

  private static void header(ConsumerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static DriftAlert alert() {
    return builder().build();
  }

  private static DriftAlert.Builder builder() {
    return DriftAlert.newBuilder()
        .setModel("digits")
        .setVersion("1")
        .setBundle("f00")
        .setKind("input")
        .setState("open")
        .setSeverity("warning")
        .setSince(Instant.ofEpochMilli(1000))
        .setAt(Instant.ofEpochMilli(2000))
        .setDetector("kolmogorov_smirnov")
        .setStatistic(0.5)
        .setThreshold(0.1)
        .setWorst(new SourcePosition("features", 2, 12L))
        .setMessage("pixel_3_4 moved")
        .setAlertId("digits/1/input/features-2@12")
        .setFeatures(List.of(new FeatureShift("pixel_3_4", 28, "input", 0.5, 1.0, 2.0)));
  }

  /** As it is read from the topic: without conversions of logical types. */
  private static GenericRecord generic(DriftAlert alert) throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    var encoder = org.apache.avro.io.EncoderFactory.get().binaryEncoder(bytes, null);
    new org.apache.avro.specific.SpecificDatumWriter<>(DriftAlert.class).write(alert, encoder);
    encoder.flush();
    return new org.apache.avro.generic.GenericDatumReader<GenericRecord>(
            alert.getSchema(), alert.getSchema(), new GenericData())
        .read(
            null, org.apache.avro.io.DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
  }
}
