package io.attribution.stream.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.schema.DriftAlert;
import io.attribution.schema.FeatureShift;
import io.attribution.schema.SourcePosition;
import io.attribution.stream.live.LiveRecords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** The published events stand under src/test/resources/documents/. */
class AlertEventTest {
  private final ConsumerRecord<byte[], byte[]> record =
      new ConsumerRecord<>("attributions.alerts", 1, 7, new byte[0], new byte[0]);

  @Test
  void isACloudEventWithTheAttributesOfTheRecordsHeaders() throws IOException {
    header("ce_specversion", "1.0");
    header("ce_id", "i/open/2000");
    header("ce_source", "/attribution-streams/models/digits");
    header("ce_type", "io.attribution.alert.open");
    header("ce_subject", "input");
    header("ce_time", "1970-01-01T00:00:02Z");
    header("content-type", "application/avro");
    DriftAlert alert =
        DriftAlert.newBuilder()
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
            .setFeatures(List.of(new FeatureShift("pixel_3_4", 28, "input", 0.5, 1.0, 2.0)))
            .build();

    assertThat(event(alert)).isEqualTo(published("event-open"));
  }

  /** Records of other writers have none; and JSON has neither infinity nor NaN. */
  @Test
  void isACloudEventAlsoWithoutHeadersAndFiniteNumbers() throws IOException {
    DriftAlert alert =
        LiveRecords.alertBuilder("sum", "input", "resolved")
            .setSeverity("warning")
            .setStatistic(Double.NaN)
            .setThreshold(Double.POSITIVE_INFINITY)
            .setProbableCause(null)
            .setWorst(null)
            .setMessage("\u201epixel\u201c moved \\ \"far\"\n")
            .setFeatures(
                List.of(
                    new FeatureShift("a", 0, "input", 0.123456789012345, 1.0, 2.0),
                    new FeatureShift("b", 1, "range", Double.NaN, 1.0, 2.0)))
            .build();

    assertThat(event(alert)).isEqualTo(published("event-without-headers"));
  }

  private String event(DriftAlert alert) {
    return new String(AlertEvent.json(record, alert), StandardCharsets.UTF_8);
  }

  private void header(String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String published(String name) throws IOException {
    try (InputStream in =
        AlertEventTest.class.getResourceAsStream("/documents/" + name + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    }
  }
}
