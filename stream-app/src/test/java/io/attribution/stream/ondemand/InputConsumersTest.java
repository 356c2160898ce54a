package io.attribution.stream.ondemand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;

class InputConsumersTest {
  private final List<MockConsumer<byte[], byte[]>> made = new ArrayList<>();
  private final InputConsumers consumers = new InputConsumers(this::connect);

  private Consumer<byte[], byte[]> connect() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    made.add(consumer);
    return consumer;
  }

  @Test
  void usesAConsumerAgain() {
    consumers.use(consumer -> 1);
    consumers.use(consumer -> 2);

    assertThat(made).hasSize(1);
  }

  @Test
  void closesAConsumerThatFailedWhateverTheFailure() {
    assertThatThrownBy(
            () ->
                consumers.use(
                    consumer -> {
                      throw new LinkageError("on purpose");
                    }))
        .isInstanceOf(LinkageError.class);

    assertThat(made.get(0).closed()).isTrue();
    assertThat(consumers.<Boolean>use(consumer -> !consumer.equals(made.get(0)))).isTrue();
  }

  @Test
  void closesIdleOnesAtTheEndAndLendsNoMore() {
    consumers.use(consumer -> 1);

    consumers.close();

    assertThat(made.get(0).closed()).isTrue();
    assertThatThrownBy(() -> consumers.use(consumer -> 2)).isInstanceOf(StoppedException.class);
  }
}
