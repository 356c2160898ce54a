package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FlightRecordingTest {
  @Test
  void whoeverCalledTheJdkOwnsTheTime() {
    assertThat(
            FlightRecording.owner(
                List.of(
                    "java.util.HashMap.get",
                    "io.attribution.stream.serde.AvroOutput.writeFloats",
                    "org.apache.kafka.streams.processor.internals.SinkNode.process")))
        .isEqualTo("ours: stream.serde");
  }

  @Test
  void tellsKafkaStreamsFromTheClients() {
    assertThat(FlightRecording.owner(List.of("org.apache.kafka.streams.KafkaStreams.start")))
        .isEqualTo("Kafka Streams");
    assertThat(FlightRecording.owner(List.of("org.apache.kafka.clients.NetworkClient.poll")))
        .isEqualTo("Kafka clients");
  }

  @Test
  void groupsThreadsOfOneKind() {
    assertThat(FlightRecording.group("run1-app-f00-StreamThread-2")).isEqualTo("StreamThread");
    assertThat(FlightRecording.group("pool-12-thread-3")).isEqualTo("pool-#-thread-#");
  }
}
