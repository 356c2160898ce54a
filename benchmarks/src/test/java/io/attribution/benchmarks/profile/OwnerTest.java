package io.attribution.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OwnerTest {
  @Test
  void whoeverCalledTheJdkOwnsTheTime() {
    assertThat(
            Owner.of(
                List.of(
                    "java.util.HashMap.get",
                    "io.attribution.stream.serde.AvroOutput.writeFloats",
                    "org.apache.kafka.streams.processor.internals.SinkNode.process")))
        .isEqualTo("ours: serde");
  }

  @Test
  void tellsKafkaStreamsFromTheClients() {
    assertThat(Owner.of(List.of("org.apache.kafka.streams.KafkaStreams.start")))
        .isEqualTo("Kafka Streams");
    assertThat(Owner.of(List.of("org.apache.kafka.clients.NetworkClient.poll")))
        .isEqualTo("Kafka clients");
  }

  @Test
  void groupsThreadsOfOneKind() {
    assertThat(FlightRecording.group("run1-app-f00-StreamThread-2")).isEqualTo("StreamThread");
    assertThat(FlightRecording.group("pool-12-thread-3")).isEqualTo("pool-#-thread-#");
  }
}
