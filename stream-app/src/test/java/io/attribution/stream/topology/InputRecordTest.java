package io.attribution.stream.topology;

import static io.attribution.stream.topology.TopologyHarness.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.attribution.Rejected;
import io.attribution.stream.pending.InputRecord;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.junit.jupiter.api.Test;

/** Headers are not copied here because Kafka Streams does so: this is what is relied on. */
class InputRecordTest {
  private static final RecordMetadata POSITION =
      new RecordMetadata() {
        @Override
        public String topic() {
          return "features";
        }

        @Override
        public int partition() {
          return 3;
        }

        @Override
        public long offset() {
          return 77;
        }
      };

  private final Headers consumed = new RecordHeaders().add("trace", bytes("t-1"));
  private final InputRecord input =
      InputRecord.of(new Record<>(bytes("key"), bytes("value"), 42, consumed), POSITION);

  @Test
  void keepsItsHeadersWhateverBecomesOfThoseThatWereConsumed() {
    consumed.add("later", bytes("x"));

    assertThat(input.headers()).isEqualTo(new RecordHeaders().add("trace", bytes("t-1")));
  }

  @Test
  void givesEveryOutputHeadersOfItsOwn() {
    Record<byte[], String> first = input.output("first");
    Record<byte[], String> second = input.output("second");
    Record<byte[], byte[]> letter =
        DeadLetters.of(input, new Rejected(Rejected.Reason.NOT_FINITE, "feature 0 is NaN"));

    first.headers().add("by a serializer", bytes("x"));

    assertThat(Optional.ofNullable(letter.headers().lastHeader("by a serializer"))).isEmpty();
    assertThat(second.headers()).isEqualTo(consumed);
    assertThat(input.headers()).isEqualTo(consumed);
  }
}
